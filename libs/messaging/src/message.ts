import { createHash } from 'node:crypto';
import {
  actorKey,
  AppError,
  type Actor,
  type Call,
  type CommandContract,
  type ErrorWire,
  type QueryContract,
  type ServiceName,
} from '#contracts';

/** A command or query on its way to its owner. */
export interface RequestMessage {
  /** For a command the identity under which its effect exists once; for a query just a name of this call. */
  readonly id: string;
  readonly contract: string;
  readonly call: Call;
  readonly input: unknown;
}

export type Reply = { readonly ok: true; readonly output: unknown } | { readonly ok: false; readonly error: ErrorWire };

/** A fact on its way to whoever subscribed, and into the audit log. */
export interface EventMessage {
  readonly id: string;
  readonly name: string;
  readonly service: ServiceName;
  /** ISO 8601 UTC. */
  readonly occurred_at: string;
  readonly call: Call;
  readonly payload: unknown;
  /** Whom it concerns, and the state around the change, for the audit log. */
  readonly change?: EventChange | undefined;
}

export interface EventChange {
  user_id?: number | undefined;
  before?: Record<string, unknown> | undefined;
  after?: Record<string, unknown> | undefined;
}

/** command id = hash(contract, actor, idempotency key): the same wish, however often it is sent. */
export function commandId(contract: string, actor: Actor, idempotencyKey: string): string {
  return sha256(`${contract}\n${actorKey(actor)}\n${idempotencyKey}`);
}

/** Hash of an input independent of the order of its keys, to tell a repeat from another wish under the same key. */
export function inputHash(input: unknown): string {
  return sha256(canonicalJson(input));
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const entries = Object.entries(value)
    .filter(([, item]) => item !== undefined)
    .sort(([left], [right]) => (left < right ? -1 : 1));
  return `{${entries.map(([key, item]) => `${JSON.stringify(key)}:${canonicalJson(item)}`).join(',')}}`;
}

/** @throws AppError request.invalid when the input does not fit the contract. */
export function parseInput(contract: CommandContract | QueryContract, input: unknown): unknown {
  const parsed = contract.input.safeParse(input);
  if (parsed.success) return parsed.data;
  throw AppError.invalid(parsed.error.issues);
}
