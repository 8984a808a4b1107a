import { sqlTime, type SqlValue } from '#database';
import type { CommandContext } from '#messaging';
import type { Holdings } from './ledger.rules.js';

/** An account as it stands under its lock. */
export interface Account extends Holdings {
  readonly userId: number;
  readonly version: number;
}

/** Columns of the account's row that belong to another feature: read and written together with the points (P-02). */
export type Alongside = Readonly<Record<string, SqlValue>>;

interface AccountRow {
  balance: number;
  frozen: number;
  lifetime_earned: number;
  version: number;
}

/** Locks the row, creating it when it is not there yet; `columns` are further columns of it that the caller wants. */
export async function lockAccountRow<Further extends object>(
  { tx, now }: CommandContext,
  userId: number,
  columns: readonly string[],
): Promise<{ account: Account; further: Further }> {
  const names = ['balance', 'frozen', 'lifetime_earned', 'version', ...columns].join(', ');
  const select = `SELECT ${names} FROM point_accounts WHERE user_id = ?${tx.lock}`;
  let row = await tx.one<AccountRow & Further>(select, [userId]);
  if (!row) {
    const empty = { user_id: userId, balance: 0, frozen: 0, version: 0, updated_at: sqlTime(now) };
    await tx.upsert('point_accounts', empty, { conflict: ['user_id'] });
    row = await tx.one<AccountRow & Further>(select, [userId]);
  }
  if (!row) throw new Error('the account vanished under its lock');
  const { balance, frozen, lifetime_earned: lifetimeEarned, version } = row;
  return { account: { userId, balance, frozen, lifetimeEarned, version }, further: row };
}

/** The one statement that changes a balance. The differences are added by the database, not computed here and written back. */
export async function changeAccountRow(
  { tx, now }: CommandContext,
  before: Account,
  after: Holdings,
  alongside: Alongside = {},
): Promise<Account> {
  const further = Object.keys(alongside);
  await tx.executeLater(
    `UPDATE point_accounts SET balance = balance + ?, frozen = frozen + ?, lifetime_earned = lifetime_earned + ?,
     version = version + 1, updated_at = ?${further.map((column) => `, ${column} = ?`).join('')} WHERE user_id = ?`,
    [
      after.balance - before.balance,
      after.frozen - before.frozen,
      after.lifetimeEarned - before.lifetimeEarned,
      sqlTime(now),
      ...further.map((column) => alongside[column] ?? null),
      before.userId,
    ],
  );
  return { ...after, userId: before.userId, version: before.version + 1 };
}
