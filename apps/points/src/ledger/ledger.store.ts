import { placeholders, sqlTime, type SqlRow, type SqlTime, type SqlValue } from '#database';
import type { CommandContext } from '#messaging';
import type { Holdings } from './ledger.rules.js';

/** An account as it stands under its lock. */
export interface Account extends Holdings {
  readonly userId: number;
  readonly version: number;
}

/** Columns of the account's row that belong to another feature: read and written together with the points (P-02). */
export type Alongside = Readonly<Record<string, SqlValue>>;

export interface LockedAccount<Further> {
  readonly account: Account;
  readonly further: Further;
}

export interface HoldRow {
  id: number;
  user_id: number;
  points: number;
  remaining: number;
  reference: string;
  reason: string;
  created_at: SqlTime;
  updated_at: SqlTime;
}

export const holdColumns = 'id, user_id, points, remaining, reference, reason, created_at, updated_at';

interface AccountRow {
  user_id: number;
  balance: number;
  frozen: number;
  lifetime_earned: number;
  version: number;
}

/**
 * Locks the accounts' rows in the order of their ids, creating those that are not there yet; `columns` are further columns that the caller
 * wants.
 */
export async function lockAccountRows<Further extends object>(
  { tx, now }: Pick<CommandContext, 'tx' | 'now'>,
  userIds: readonly number[],
  columns: readonly string[],
): Promise<Map<number, LockedAccount<Further>>> {
  if (userIds.length === 0) return new Map();
  // By the primary key, however small the table is: a scan would wait for rows that are none of these.
  const byKey = tx.dialect === 'mysql' ? ' FORCE INDEX (PRIMARY)' : '';
  const find = (ids: readonly number[]): Promise<(AccountRow & Further)[]> =>
    tx.query<AccountRow & Further>(
      `SELECT ${namesWith(columns)} FROM point_accounts${byKey} WHERE user_id IN (${placeholders(ids.length)})
       ORDER BY user_id${tx.lock}`,
      ids,
    );
  const rows = await find(userIds);
  const found = new Set(rows.map(({ user_id }) => user_id));
  const missing = userIds.filter((id) => !found.has(id)).sort((left, right) => left - right);
  if (missing.length > 0) {
    const empty = missing.map((id) => emptyAccount(id, now));
    await tx.upsert('point_accounts', empty, { conflict: ['user_id'] });
    rows.push(...(await find(missing)));
  }
  if (rows.length < userIds.length) throw new Error('an account vanished under its lock');
  return new Map(rows.map((row) => [row.user_id, lockedOf<Further>(row)]));
}

/** The one place that changes a balance. The differences are added by the database, not computed here and written back. */
export async function changeAccountRow(
  { tx, now }: CommandContext,
  before: Account,
  after: Holdings,
  alongside: Alongside = {},
): Promise<Account> {
  const added = {
    balance: after.balance - before.balance,
    frozen: after.frozen - before.frozen,
    lifetime_earned: after.lifetimeEarned - before.lifetimeEarned,
    version: 1,
  };
  const set = { updated_at: sqlTime(now), ...alongside };
  if (added.balance >= 0 && added.frozen === 0) {
    // The row is there, since it is locked. As an upsert the gains of many accounts are one statement.
    const options = { conflict: ['user_id'], add: Object.keys(added), update: Object.keys(set) };
    await tx.upsertLater('point_accounts', { user_id: before.userId, ...added, ...set }, options);
  } else {
    // A difference below zero would not pass the table's checks as a row to insert.
    const changes = [
      ...Object.keys(added).map((column) => `${column} = ${column} + ?`),
      ...Object.keys(set).map((column) => `${column} = ?`),
    ];
    const values = [...Object.values(added), ...Object.values(set), before.userId];
    await tx.executeLater(`UPDATE point_accounts SET ${changes.join(', ')} WHERE user_id = ?`, values);
  }
  return { ...after, userId: before.userId, version: before.version + 1 };
}

const namesWith = (columns: readonly string[]): string =>
  ['user_id', 'balance', 'frozen', 'lifetime_earned', 'version', ...columns].join(', ');

const emptyAccount = (userId: number, now: Date): SqlRow => ({
  user_id: userId,
  balance: 0,
  frozen: 0,
  version: 0,
  updated_at: sqlTime(now),
});

function lockedOf<Further extends object>(row: AccountRow & Further): LockedAccount<Further> {
  const { user_id: userId, balance, frozen, lifetime_earned: lifetimeEarned, version } = row;
  return { account: { userId, balance, frozen, lifetimeEarned, version }, further: row };
}
