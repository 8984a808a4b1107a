import { randomUUID } from 'node:crypto';
import {
  AppError,
  type Call,
  type CommandContract,
  type InputOf,
  type OutputOf,
  type QueryContract,
  type RequestContract,
} from '#contracts';
import { requestTimeoutMs, type Broker } from './broker.js';
import { commandId } from './message.js';

export interface CommandOptions {
  /** Chosen by the caller; the same key, actor and command is the same wish. Without one every call is a new wish. */
  idempotencyKey?: string | undefined;
  timeoutMs?: number;
}

/** Sends commands and queries to their owners: typed by the contract, validated before they leave and after they return. */
export class MessageClient {
  constructor(private readonly broker: Broker) {}

  /** Refusals: those of the contract, `request.invalid`, `idempotency.key_reused`, `system.*`. */
  async command<Contract extends CommandContract>(
    contract: Contract,
    input: InputOf<Contract>,
    call: Call,
    options: CommandOptions = {},
  ): Promise<OutputOf<Contract>> {
    const key = options.idempotencyKey;
    const id =
      key === undefined
        ? commandId(contract.name, call.actor, randomUUID())
        : commandId(contract.name, call.actor, key);
    return this.send(contract, id, input, call, options.timeoutMs);
  }

  async query<Contract extends QueryContract>(
    contract: Contract,
    input: InputOf<Contract>,
    call: Call,
  ): Promise<OutputOf<Contract>> {
    return this.send(contract, call.request_id, input, call);
  }

  private async send<Contract extends RequestContract>(
    contract: Contract,
    id: string,
    input: InputOf<Contract>,
    call: Call,
    timeoutMs = requestTimeoutMs,
  ): Promise<OutputOf<Contract>> {
    const parsed = contract.input.safeParse(input);
    if (!parsed.success) throw AppError.invalid(parsed.error.issues);
    const message = { id, contract: contract.name, call, input: parsed.data };
    const reply = await this.broker.request(contract.owner, message, timeoutMs);
    if (!reply.ok) throw AppError.fromWire(reply.error);
    return contract.output.parse(reply.output) as OutputOf<Contract>;
  }
}
