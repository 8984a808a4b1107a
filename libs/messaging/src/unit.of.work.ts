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
import type { CommandContext, CommandTurn, EventContext, QueryContext } from './handler.context.js';
import { Emitted, Gathering } from './emitted.events.js';
import { memoryOf, remembered, replayOf, type AcceptedCommand } from './command.memory.js';
import { recallCommand, rememberCommand, rememberEvents } from './inbox.store.js';
import { inputHash, parseInput, type EventMessage, type Reply, type RequestMessage } from './message.js';
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

  /**
   * What can be said about a command before anything is done.
   * @throws AppError when the member may not ask, or the input does not fit the contract.
   */
  accept(contract: CommandContract, message: RequestMessage): AcceptedCommand {
    // Before the memory is asked: a ban may be lifted, and then the same command has its answer.
    this.refuseByStanding(contract, message.call);
    return { contract, message, input: parseInput(contract, message.input), inputHash: inputHash(message.input) };
  }

  /** Handles a command so that its effect exists once, and answers a repeat with the remembered reply. */
  async handleCommand(
    command: AcceptedCommand,
    invoke: (input: unknown, context: CommandContext) => Promise<unknown>,
  ): Promise<Reply> {
    let last: Tx | undefined;
    try {
      return await this.inTransaction(async (tx, now, emitted) => {
        last = tx;
        const result = await invoke(command.input, this.contextOf(tx, command.message, now, emitted));
        return () => remembered(tx, command, result, now);
      });
    } catch (error) {
      return this.settle(command, error, last);
    }
  }

  /**
   * Handles commands of one contract in one transaction. One that is refused leaves the others alone; whatever else stops them, each is
   * then tried in a transaction of its own, unless the database is away.
   */
  async handleTogether(
    commands: readonly AcceptedCommand[],
    invoke: (turns: readonly CommandTurn<unknown>[]) => Promise<readonly unknown[]>,
  ): Promise<PromiseSettledResult<Reply>[]> {
    const alone = async (input: unknown, context: CommandContext): Promise<unknown> => {
      const [result] = await invoke([{ input, context }]);
      if (result instanceof AppError) throw result;
      return result;
    };
    const eachAlone = (): Promise<PromiseSettledResult<Reply>[]> =>
      Promise.allSettled(commands.map((command) => this.handleCommand(command, alone)));
    if (commands.length === 1) return eachAlone();
    try {
      const replies = await this.inTransaction((tx, now, emitted) =>
        this.invokeTogether(commands, invoke, tx, now, emitted),
      );
      return await Promise.allSettled(
        replies.map(async (reply, index) =>
          reply instanceof AppError ? this.settle(commands[index] as AcceptedCommand, reply) : reply,
        ),
      );
    } catch (error) {
      if (isConnectionProblem(error)) throw error;
      return eachAlone();
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

  private async invokeTogether(
    commands: readonly AcceptedCommand[],
    invoke: (turns: readonly CommandTurn<unknown>[]) => Promise<readonly unknown[]>,
    tx: Tx,
    now: Date,
    emitted: Emitted,
  ): Promise<() => Promise<(Reply | AppError)[]>> {
    const turns = commands.map(({ input, message }) => ({
      input,
      context: this.contextOf(tx, message, now, emitted),
    }));
    const results = await invoke(turns);
    return () =>
      Promise.all(
        commands.map(async (command, index) => {
          const result = results[index];
          return result instanceof AppError ? result : remembered(tx, command, result, now);
        }),
      );
  }

  /** `work` does what is asked and returns what is to be written last, after the events. */
  private async inTransaction<Result>(
    work: (tx: Tx, now: Date, emitted: Emitted) => Promise<() => Promise<Result>>,
  ): Promise<Result> {
    const now = this.options.clock.now();
    const done = await this.options.database.transaction(async (tx) => {
      const emitted = new Emitted();
      const finish = await work(tx, now, emitted);
      const count = await emitted.writeDown(tx, now);
      return { result: await finish(), emitted: count };
    });
    return this.afterCommit(done).result;
  }

  /** The answer to a command that was stopped; `stopped` is its transaction, unless that was committed for others. */
  private async settle(command: AcceptedCommand, error: unknown, stopped?: Tx): Promise<Reply> {
    // Whatever stopped it, an earlier delivery of the same command may have succeeded: then that is the answer.
    const refused = error instanceof AppError;
    if (!refused && !isDuplicateKey(error)) throw error;
    const earlier = await recallCommand(this.options.database.reader, command.message.id);
    if (earlier) return replayOf(earlier, command.inputHash);
    if (!refused) throw error;
    return this.rememberRefusal(command, error, stopped);
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
  private async rememberRefusal(command: AcceptedCommand, error: AppError, stopped?: Tx): Promise<Reply> {
    const reply: Reply = { ok: false, error: error.toWire() };
    const { database, clock } = this.options;
    try {
      if (!error.transient)
        await database.transaction((tx) => rememberCommand(tx, memoryOf(command, reply, clock.now())));
    } catch (failure) {
      const earlier = isDuplicateKey(failure) ? await recallCommand(database.reader, command.message.id) : null;
      if (!earlier) throw failure;
      return replayOf(earlier, command.inputHash);
    }
    stopped?.settle();
    return reply;
  }
}
