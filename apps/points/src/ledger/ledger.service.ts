import { Injectable } from '@nestjs/common';
import { AppError, BalanceChanged, pointRecordTypes, type PointRecordType } from '#contracts';
import { sqlTime } from '#database';
import type { CommandContext } from '#messaging';
import { Metrics } from '#service';
import type { Counter } from 'prom-client';

export interface Account {
  readonly userId: number;
  readonly balance: number;
  readonly frozen: number;
  readonly version: number;
}

export interface Posting {
  readonly type: PointRecordType;
  /** Positive or negative, never zero. */
  readonly points: number;
  readonly description: string | null;
  /** The business fact behind it: the same fact is posted once. */
  readonly key: string;
}

interface AccountRow {
  balance: number;
  frozen: number;
  version: number;
}

/** The only writer of balances (P-01). Works inside the caller's transaction, and cannot be called without one. */
@Injectable()
export class LedgerService {
  private readonly issued: Counter<'type'>;

  constructor(metrics: Metrics) {
    this.issued = metrics.counter('coser_points_issued_total', 'Points posted in favour of members, by type', ['type']);
  }

  /** Locks the member's account, creating it when this is the first posting, and returns it as it stands. */
  async lockAccount({ tx, now }: CommandContext, userId: number): Promise<Account> {
    const select = `SELECT balance, frozen, version FROM point_accounts WHERE user_id = ?${tx.lock}`;
    let row = await tx.one<AccountRow>(select, [userId]);
    if (!row) {
      const empty = { user_id: userId, balance: 0, frozen: 0, version: 0, updated_at: sqlTime(now) };
      await tx.upsert('point_accounts', empty, { conflict: ['user_id'] });
      row = await tx.one<AccountRow>(select, [userId]);
    }
    if (!row) throw new Error('the account vanished under its lock');
    return { userId, balance: row.balance, frozen: row.frozen, version: row.version };
  }

  /**
   * Posts records to an account that is locked in this transaction and returns the new balance.
   * @throws AppError points.insufficient_balance when the available points do not cover a debit.
   */
  async post(context: CommandContext, account: Account, postings: readonly Posting[]): Promise<Account> {
    const { tx, now } = context;
    const createdAt = sqlTime(now);
    let balance = account.balance;
    const rows = postings.map(({ type, points, description, key }) => {
      balance += points;
      assertPostable(points, balance);
      return {
        user_id: account.userId,
        points,
        type: pointRecordTypes[type],
        description,
        balance_after: balance,
        idempotency_key: key,
        created_at: createdAt,
      };
    });
    const required = account.balance - balance;
    const available = account.balance - account.frozen;
    if (required > available) throw new AppError('points.insufficient_balance', { balance: available, required });
    await tx.insert('point_records', rows);
    await tx.execute(
      'UPDATE point_accounts SET balance = balance + ?, version = version + 1, updated_at = ? WHERE user_id = ?',
      [balance - account.balance, createdAt, account.userId],
    );
    const version = account.version + 1;
    const records = postings.map(({ type, points }) => ({ type, points }));
    context.emit(
      BalanceChanged,
      { user_id: account.userId, balance, version, records },
      {
        user_id: account.userId,
        before: { balance: account.balance },
        after: { balance },
      },
    );
    for (const { type, points } of postings) if (points > 0) this.issued.labels(type).inc(points);
    return { ...account, balance, version };
  }
}

function assertPostable(points: number, balance: number): void {
  if (!Number.isSafeInteger(points) || points === 0) throw new Error(`${points} cannot be posted`);
  if (!Number.isSafeInteger(balance)) throw new Error('the balance would no longer be exact');
}
