import type { z } from 'zod';
import type { AccountStanding } from './account.standing.js';
import type { ErrorName } from './error.catalogue.js';

/** The services that own contracts. A wire name starts with its owner: `points.check_in.v1`. */
export const serviceNames = ['gateway', 'user', 'entitlement', 'points', 'notification'] as const;
export type ServiceName = (typeof serviceNames)[number];

type WireName = `${ServiceName}.${string}.v${number}`;

interface Request<Input extends z.ZodType, Output extends z.ZodType> {
  readonly name: WireName;
  readonly owner: ServiceName;
  readonly summary: string;
  readonly input: Input;
  readonly output: Output;
  /** Refusals a caller must expect besides validation and system errors. */
  readonly errors: readonly ErrorName[];
  /** Standings besides active whose members may ask this too (U-01): every other request of theirs is refused. */
  readonly openTo?: readonly AccountStanding[];
}

/** A wish to change something: handled once, in one transaction, by its owner. */
export interface CommandContract<
  Input extends z.ZodType = z.ZodType,
  Output extends z.ZodType = z.ZodType,
> extends Request<Input, Output> {
  readonly kind: 'command';
  /** The reply holds a secret (a token): it is not written into the inbox. */
  readonly secretReply?: boolean;
}

/** A question: no effect, may be repeated freely. */
export interface QueryContract<
  Input extends z.ZodType = z.ZodType,
  Output extends z.ZodType = z.ZodType,
> extends Request<Input, Output> {
  readonly kind: 'query';
}

/** A fact that has happened: published through the owner's outbox, heard by whoever subscribes, and kept as an audit entry (O-04). */
export interface EventContract<Payload extends z.ZodType = z.ZodType> {
  readonly kind: 'event';
  readonly name: WireName;
  readonly owner: ServiceName;
  readonly summary: string;
  readonly payload: Payload;
}

export type RequestContract = CommandContract | QueryContract;
export type AnyContract = RequestContract | EventContract;

/** What a caller hands over (before defaults are filled in). */
export type InputOf<Contract extends RequestContract> = z.input<Contract['input']>;
/** What a handler receives (validated, defaults filled in). */
export type HandledInputOf<Contract extends RequestContract> = z.output<Contract['input']>;
export type OutputOf<Contract extends RequestContract> = z.output<Contract['output']>;
export type PayloadOf<Contract extends EventContract> = z.output<Contract['payload']>;

function ownerOf(name: WireName): ServiceName {
  return name.slice(0, name.indexOf('.')) as ServiceName;
}

interface RequestDefinition<Input extends z.ZodType, Output extends z.ZodType> {
  name: WireName;
  summary: string;
  input: Input;
  output: Output;
  errors?: readonly ErrorName[];
  openTo?: readonly AccountStanding[];
  secretReply?: boolean;
}

/** Declares a command. `errors` are the refusals its handler may answer with. */
export function defineCommand<Input extends z.ZodType, Output extends z.ZodType>(
  definition: RequestDefinition<Input, Output>,
): CommandContract<Input, Output> {
  return { errors: [], ...definition, kind: 'command', owner: ownerOf(definition.name) };
}

/** Declares a query. */
export function defineQuery<Input extends z.ZodType, Output extends z.ZodType>(
  definition: Omit<RequestDefinition<Input, Output>, 'secretReply'>,
): QueryContract<Input, Output> {
  return { errors: [], ...definition, kind: 'query', owner: ownerOf(definition.name) };
}

/** Declares an event. A field may be added to a version, never removed or retyped: that is a `.v2` beside the `.v1`. */
export function defineEvent<Payload extends z.ZodType>(definition: {
  name: WireName;
  summary: string;
  payload: Payload;
}): EventContract<Payload> {
  return { ...definition, kind: 'event', owner: ownerOf(definition.name) };
}
