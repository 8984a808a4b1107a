import { Injectable } from '@nestjs/common';
import { AppError, BalanceChanged, pointRecordTypes, type PointRecordType } from '#contracts';
import { sqlTime } from '#database';
import type { CommandContext } from '#messaging';
import { Metrics } from '#service';
import type { Counter } from 'prom-client';
import { decidePostings, isEarning, isReversible, recordTypeOf, type Holdings, type Posting } from './ledger.rules.js';
import { changeAccountRow, lockAccountRows, type Account, type Alongside, type LockedAccount } from './ledger.store.js';
import { refuseOwn } from './second-admin.rules.js';

export type { Posting } from './ledger.rules.js';
export type { Account, LockedAccount } from './ledger.store.js';

interface PostOptions {
  /** Points that stop being frozen in the same step: what a hold pays with. */
  readonly unfreeze?: number;
  readonly alongside?: Alongside;
  /** The record that these postings take back, and what that takes from the points earned. */
  readonly reverses?: { readonly id: number; readonly earned: number };
}

export interface ReversedRecord {
  readonly id: number;
  readonly points: number;
  readonly description: string;
  readonly balanceAfter: number;
}

/**
 * The only writer of balances and records (P-01). Works inside the caller's transaction, and cannot be called without one.
 * A movement between two members is: `lockAccounts`, then `post` (or a hold's `debit`) on one and `post` on the other.
 */
@Injectable()
export class LedgerService {
  private readonly issued: Counter<'type'>;
  private readonly spent: Counter<'type'>;

  constructor(metrics: Metrics) {
    this.issued = metrics.counter('coser_points_issued_total', 'Points posted in favour of members, by type', ['type']);
    this.spent = metrics.counter('coser_points_spent_total', 'Points taken from members, by type', ['type']);
  }

  /** Locks the member's account, creating it when this is the first posting, and returns it as it stands. */
  async lockAccount(context: CommandContext, userId: number): Promise<Account> {
    return (await this.lockAccountWith(context, userId, [])).account;
  }

  /** The same, with further columns of the account's row that belong to the caller and are decided under its lock too. */
  async lockAccountWith<Further extends object>(
    context: CommandContext,
    userId: number,
    columns: readonly (keyof Further & string)[],
  ): Promise<LockedAccount<Further>> {
    return (await this.lockAccountsWith<Further>(context, [userId], columns)).get(userId) as LockedAccount<Further>;
  }

  /** Locks several accounts, always in the order of their ids, so that two movements the other way round do not deadlock. */
  async lockAccounts(context: CommandContext, userIds: readonly number[]): Promise<Map<number, Account>> {
    const locked = await this.lockAccountsWith(context, userIds, []);
    return new Map([...locked].map(([userId, { account }]) => [userId, account]));
  }

  /** The same, with further columns. */
  lockAccountsWith<Further extends object>(
    context: Pick<CommandContext, 'tx' | 'now'>,
    userIds: readonly number[],
    columns: readonly (keyof Further & string)[],
  ): Promise<Map<number, LockedAccount<Further>>> {
    return lockAccountRows<Further>(context, [...new Set(userIds)], columns);
  }

  /**
   * Posts records to an account that is locked in this transaction and returns the account as it then stands.
   * @throws AppError points.insufficient_balance when the available points do not cover a debit, points.amount_invalid for zero
   * and fractions, points.amount_too_large.
   */
  async post(
    context: CommandContext,
    account: Account,
    postings: readonly Posting[],
    options: PostOptions = {},
  ): Promise<Account> {
    const { unfreeze, alongside, reverses } = options;
    const { balances, after } = decidePostings(account, postings, unfreeze);
    const lifetimeEarned = Math.max(0, after.lifetimeEarned - (reverses?.earned ?? 0));
    const createdAt = sqlTime(context.now);
    const rows = postings.map(({ type, points, description, key }, index) => ({
      user_id: account.userId,
      points,
      type: pointRecordTypes[type],
      description,
      balance_after: balances[index] as number,
      idempotency_key: key,
      created_at: createdAt,
      ...(reverses && { reverses_id: reverses.id }),
    }));
    await context.tx.insertLater('point_records', rows);
    const changed = await changeAccountRow(context, account, { ...after, lifetimeEarned }, alongside);
    this.tell(context, account, changed, postings);
    return changed;
  }

  /** Changes what is frozen, and nothing else: for holds. */
  async refreeze(context: CommandContext, account: Account, difference: number): Promise<Account> {
    const after: Holdings = { ...account, frozen: account.frozen + difference };
    return changeAccountRow(context, account, after);
  }

  /**
   * Takes a record back by its inverse, once.
   * @throws AppError points.record_unknown, adjustment.second_admin_required for one's own, points.not_reversible for what is undone
   * elsewhere, points.already_reversed, points.insufficient_balance when the member has spent the points meanwhile.
   */
  async reverse(context: CommandContext, recordId: number, reason: string): Promise<ReversedRecord> {
    const { tx } = context;
    const record = await tx.one<{ user_id: number; points: number; type: number }>(
      'SELECT user_id, points, type FROM point_records WHERE id = ?',
      [recordId],
    );
    if (!record) throw new AppError('points.record_unknown');
    refuseOwn(context.call, record.user_id);
    const type = recordTypeOf(record.type);
    if (!isReversible(type)) throw new AppError('points.not_reversible');
    const account = await this.lockAccount(context, record.user_id);
    const key = `reversal:${recordId}`;
    const find = 'SELECT id FROM point_records WHERE idempotency_key = ?';
    // Every posting to this account happens under its lock, so nobody can come in between.
    if (await tx.one(find, [key])) throw new AppError('points.already_reversed');
    const earned = record.points > 0 && isEarning(type) ? record.points : 0;
    const posting: Posting = { type: 'reversal', points: -record.points, description: reason, key };
    const { balance } = await this.post(context, account, [posting], { reverses: { id: recordId, earned } });
    const written = await tx.one<{ id: number }>(find, [key]);
    const id = written?.id ?? 0;
    return { id, points: posting.points, description: reason, balanceAfter: balance };
  }

  private tell(context: CommandContext, before: Account, after: Account, postings: readonly Posting[]): void {
    const { userId, balance, frozen, lifetimeEarned, version } = after;
    context.emit(
      BalanceChanged,
      {
        user_id: userId,
        balance,
        version,
        frozen,
        lifetime_earned: lifetimeEarned,
        records: postings.map(({ type, points, key }) => ({ type, points, reference: key })),
      },
      { user_id: userId, before: { balance: before.balance }, after: { balance } },
    );
    context.tx.afterCommit(() => {
      for (const { type, points } of postings) this.count(type, points);
    });
  }

  private count(type: PointRecordType, points: number): void {
    if (points > 0) this.issued.labels(type).inc(points);
    else this.spent.labels(type).inc(-points);
  }
}
