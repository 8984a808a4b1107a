import { randomUUID } from 'node:crypto';
import {
  AppError,
  type Call,
  type CommandContract,
  type InputOf,
  type OutputOf,
  type QueryContract,
  type RequestContract,
  type ServiceName,
} from '#contracts';
import { requestTimeoutMs, type Broker } from './broker.js';
import { commandId, type Reply, type RequestMessage } from './message.js';

export interface CommandOptions {
  /** Chosen by the caller; the same key, actor and command is the same wish. Without one every call is a new wish. */
  idempotencyKey?: string | undefined;
  timeoutMs?: number;
}

/** Sends commands and queries to their owners: typed by the contract, validated before they leave and after they return. */
export class MessageClient {
  private readonly waiting = new Map<ServiceName, number>();

  constructor(private readonly broker: Broker) {}

  /** Requests without an answer so far, by the service that was asked; each service that was ever asked is there. */
  get inFlight(): ReadonlyMap<ServiceName, number> {
    return this.waiting;
  }

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
    const reply = await this.ask(contract.owner, message, timeoutMs);
    if (!reply.ok) throw AppError.fromWire(reply.error);
    return contract.output.parse(reply.output) as OutputOf<Contract>;
  }

  private async ask(owner: ServiceName, message: RequestMessage, timeoutMs: number): Promise<Reply> {
    this.waiting.set(owner, (this.waiting.get(owner) ?? 0) + 1);
    try {
      return await this.broker.request(owner, message, timeoutMs);
    } finally {
      this.waiting.set(owner, (this.waiting.get(owner) ?? 1) - 1);
    }
  }
}
