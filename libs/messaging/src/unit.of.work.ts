import {
  AppError,
  standingRefusal,
  type AccountStanding,
  type Call,
  type CommandContract,
  type EventContract,
  type QueryContract,
  type RequestContract,
  type ServiceName,
} from '#contracts';
import { isConnectionProblem, isDuplicateKey, isLockConflict, type Database, type Tx } from '#database';
import { NotNowError } from './broker.js';
import {
  Refusal,
  type CommandContext,
  type EventContext,
  type Gathered,
  type QueryContext,
} from './handler.context.js';
import { recallCommand, rememberCommand, rememberEvents } from './inbox.store.js';
import { inputHash, type EventMessage, type Reply, type RequestMessage } from './message.js';
import { putIntoOutbox } from './outbox.store.js';
import { timeOrderedId } from './time.ordered.id.js';

export interface Clock {
  now(): Date;
}

export interface UnitOfWorkOptions {
  service: ServiceName;
  database: Database;
  clock: Clock;
  /** Who may not ask just anything (U-01). Answers from memory. */
  standings?: { of(userId: number): AccountStanding | undefined };
  /** Called after a commit that put events into the outbox. */
  onEvents(): void;
}

/** One message, one transaction: effect, memory of having handled it, and events are written together or not at all. */
export class UnitOfWork {
  constructor(private readonly options: UnitOfWorkOptions) {}

  async answerQuery(
    contract: QueryContract,
    message: RequestMessage,
    invoke: (input: unknown, context: QueryContext) => Promise<unknown>,
  ): Promise<Reply> {
    this.refuseByStanding(contract, message.call);
    const input = parseInput(contract, message.input);
    const { database, clock } = this.options;
    const output = await invoke(input, { reader: database.reader, now: clock.now(), call: message.call });
    return { ok: true, output: contract.output.parse(output) };
  }

  /** Handles a command so that its effect exists once, and answers a repeat with the remembered reply. */
  async handleCommand(
    contract: CommandContract,
    message: RequestMessage,
    invoke: (input: unknown, context: CommandContext) => Promise<unknown>,
  ): Promise<Reply> {
    // Before the memory is asked: a ban may be lifted, and then the same command has its answer.
    this.refuseByStanding(contract, message.call);
    const input = parseInput(contract, message.input);
    const now = this.options.clock.now();
    const hash = inputHash(message.input);
    const memory = { id: message.id, contract: contract.name, inputHash: hash, now };
    try {
      return await this.inTransaction(message, now, async (context) => {
        const reply = replyOf(contract, await invoke(input, context));
        return {
          result: reply,
          remember: (tx) => rememberCommand(tx, { ...memory, reply: memorable(contract, reply) }),
        };
      });
    } catch (error) {
      // Whatever stopped it, an earlier delivery of the same command may have succeeded: then that is the answer.
      const refused = error instanceof AppError;
      if (!refused && !isDuplicateKey(error)) throw error;
      const earlier = await recallCommand(this.options.database.reader, message.id);
      if (earlier) return replayOf(earlier, hash);
      if (!refused) throw error;
      return this.rememberRefusal(memory, error);
    }
  }

  /**
   * Handles a batch of events in one transaction with one inbox row for each; those handled before are left out.
   * @throws NotNowError when the database is away, or its locks were contended to the end.
   */
  async handleEvents(
    messages: readonly EventMessage[],
    invoke: (message: EventMessage, context: EventContext) => Promise<void>,
  ): Promise<{ handled: number }> {
    const now = this.options.clock.now();
    try {
      return await this.options.database
        .transaction(async (tx) => {
          const fresh = await rememberEvents(tx, messages, now);
          const emitted = new Emitted();
          const gathering = new Gathering();
          const gather: EventContext['gather'] = (write, item) => gathering.add(write, item);
          for (const message of fresh) {
            const context = this.contextOf(tx, message, now, emitted);
            await invoke(message, { ...context, message, gather });
          }
          await gathering.writeDown(tx);
          return { handled: fresh.length, emitted: await emitted.writeDown(tx, now) };
        })
        .then((result) => this.afterCommit(result));
    } catch (error) {
      throw isConnectionProblem(error) || isLockConflict(error) ? new NotNowError(error) : error;
    }
  }

  /**
   * For a service's own loops (a sender, a clock): one transaction that may emit, in the name of a part of the system.
   * The loop's own rows (claims, states) say what is done; there is no inbox row.
   */
  async runAs<Result>(name: string, work: (context: CommandContext) => Promise<Result>): Promise<Result> {
    const now = this.options.clock.now();
    const call: Call = {
      request_id: timeOrderedId(now),
      actor: { kind: 'system', name },
      channel: 'system',
      locale: 'en',
    };
    const done = await this.options.database.transaction(async (tx) => {
      const emitted = new Emitted();
      const result = await work(this.contextOf(tx, { call }, now, emitted));
      return { result, emitted: await emitted.writeDown(tx, now) };
    });
    return this.afterCommit(done).result;
  }

  private refuseByStanding({ openTo }: RequestContract, { actor }: Call): void {
    if (actor.kind !== 'user') return;
    const refusal = standingRefusal(this.options.standings?.of(actor.user_id), openTo);
    if (refusal) throw AppError.fromWire({ name: refusal });
  }

  private async inTransaction<Result>(
    message: RequestMessage,
    now: Date,
    work: (context: CommandContext) => Promise<{ result: Result; remember(tx: Tx): Promise<void> }>,
  ): Promise<Result> {
    const done = await this.options.database.transaction(async (tx) => {
      const emitted = new Emitted();
      const { result, remember } = await work(this.contextOf(tx, message, now, emitted));
      const count = await emitted.writeDown(tx, now);
      await remember(tx);
      return { result, emitted: count };
    });
    return this.afterCommit(done).result;
  }

  private contextOf(tx: Tx, message: { readonly call: Call }, now: Date, emitted: Emitted): CommandContext {
    const { service } = this.options;
    const emit: CommandContext['emit'] = (event: EventContract, payload, change) => {
      emitted.add({
        id: timeOrderedId(now),
        name: event.name,
        service,
        occurred_at: now.toISOString(),
        call: message.call,
        payload: event.payload.parse(payload),
        ...(change && { change }),
      });
    };
    return { tx, now, call: message.call, emit };
  }

  private afterCommit<Done extends { emitted: number }>(done: Done): Done {
    if (done.emitted > 0) this.options.onEvents();
    return done;
  }

  /** A definite refusal is an answer too: the same command gets it again, even if the state has changed since. */
  private async rememberRefusal(
    memory: { id: string; contract: string; inputHash: string; now: Date },
    error: AppError,
  ): Promise<Reply> {
    const reply: Reply = { ok: false, error: error.toWire() };
    if (error.transient) return reply;
    try {
      await this.options.database.transaction((tx) => rememberCommand(tx, { ...memory, reply }));
      return reply;
    } catch (failure) {
      const earlier = isDuplicateKey(failure) ? await recallCommand(this.options.database.reader, memory.id) : null;
      if (!earlier) throw failure;
      return replayOf(earlier, memory.inputHash);
    }
  }
}

/** The events of one open transaction. */
class Emitted {
  private readonly events: EventMessage[] = [];
  private written = false;

  add(event: EventMessage): void {
    if (this.written)
      throw new Error(`"${event.name}" was emitted after its handler had returned: something was not awaited`);
    this.events.push(event);
  }

  async writeDown(tx: Tx, now: Date): Promise<number> {
    this.written = true;
    if (this.events.length > 0) await putIntoOutbox(tx, this.events, now);
    return this.events.length;
  }
}

/** What the events of one transaction have left to be written together. */
class Gathering {
  private readonly items = new Map<Gathered<never>, unknown[]>();

  add<Item>(write: Gathered<Item>, item: Item): void {
    const known = this.items.get(write);
    if (known) known.push(item);
    else this.items.set(write, [item]);
  }

  async writeDown(tx: Tx): Promise<void> {
    for (const [write, items] of this.items) await write(items as never[], tx);
  }
}

function replyOf(contract: CommandContract, result: unknown): Reply {
  if (result instanceof Refusal) return { ok: false, error: result.error.toWire() };
  return { ok: true, output: contract.output.parse(result) };
}

/** A reply that holds a secret is given once; a repeat is told to start anew. */
function memorable(contract: CommandContract, reply: Reply): Reply {
  return contract.secretReply && reply.ok ? { ok: false, error: new AppError('system.unavailable').toWire() } : reply;
}

function replayOf(earlier: { inputHash: string; reply: Reply }, hash: string): Reply {
  if (earlier.inputHash === hash) return earlier.reply;
  return { ok: false, error: new AppError('idempotency.key_reused').toWire() };
}

function parseInput(contract: CommandContract | QueryContract, input: unknown): unknown {
  const parsed = contract.input.safeParse(input);
  if (parsed.success) return parsed.data;
  throw AppError.invalid(parsed.error.issues);
}
