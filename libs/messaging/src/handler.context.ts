import type { z } from 'zod';
import type { AppError, Call, EventContract } from '#contracts';
import type { Reader, Tx } from '#database';
import type { EventChange, EventMessage } from './message.js';

/** What a query handler is given: committed rows, the time, and who asks. */
export interface QueryContext {
  readonly reader: Reader;
  readonly now: Date;
  readonly call: Call;
}

/**
 * What a command's or an event's handler is given: the transaction in which its whole effect, its memory (inbox) and its
 * events (outbox) are written together. Nothing outside a transaction can emit, because there is no such object outside.
 */
export interface CommandContext {
  readonly tx: Tx;
  readonly now: Date;
  readonly call: Call;
  /**
   * Puts an event into the outbox of this transaction; throws once the handler has returned. `change` says whom it concerns
   * and the state before and after, for the audit log.
   */
  emit<Contract extends EventContract>(
    event: Contract,
    payload: z.input<Contract['payload']>,
    change?: EventChange,
  ): void;
}

/** One of several commands that are handled in the same transaction: their contexts differ in who asks. */
export interface CommandTurn<Input> {
  readonly input: Input;
  readonly context: CommandContext;
}

/** Writes down what many events of one transaction have left for it, in as few statements as it can. */
export type Gathered<Item> = (items: readonly Item[], tx: Tx) => Promise<void>;

export interface EventContext extends CommandContext {
  readonly message: EventMessage;
  /**
   * Leaves an item for `write`, which is called once before the commit with all items that the batch's events have left for it, in
   * their order. `write` must be the same function each time. Until then the rows are not there for other handlers to read.
   */
  gather<Item>(write: Gathered<Item>, item: Item): void;
}

/**
 * A refusal whose effects stay: a handler that returns it (instead of throwing) commits what it wrote, for example a counted
 * wrong try or a session that a stolen token has ended, and the caller gets the error.
 */
export class Refusal {
  constructor(readonly error: AppError) {}
}
