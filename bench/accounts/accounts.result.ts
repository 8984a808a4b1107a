import type { MachineFacts } from '../machine/machine.facts.js';
import type { AccountsPlan } from './accounts.plan.js';

/** Postings a second: the median of the rounds. */
export interface PostingFigure {
  readonly perSecond: number;
  readonly rounds: readonly number[];
}

export interface CommandFigure extends PostingFigure {
  /** Milliseconds, with as many in flight as the plan says. */
  readonly p50: number;
  readonly p99: number;
  readonly errors: number;
}

export interface AccountsResult {
  readonly measuredAt: string;
  readonly plan: AccountsPlan;
  readonly machine: MachineFacts;
  /** The statements alone, on one row. */
  readonly raw: PostingFigure;
  /** Rewards for events, to one account. */
  readonly events: PostingFigure;
  /** Commands, to one account. */
  readonly commands: CommandFigure;
  /** The same commands, each to another account. */
  readonly spread: CommandFigure;
  /** After all of it: accounts whose balance is not the sum of their records. */
  readonly books: { readonly accounts: number; readonly wrong: number };
}
