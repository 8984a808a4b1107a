import type { BookProblem } from '#contracts';
import { placeholders, type Reader } from '#database';
import { balanceAtMost, earningTypeNumbers } from './ledger.rules.js';
import type { SealedRow } from './seal.rules.js';

/** An account whose books do not add up, with both sides. */
export interface Imbalance {
  readonly userId: number;
  readonly problem: BookProblem;
  readonly expected: number;
  readonly found: number;
}

interface AccountRow {
  user_id: number;
  balance: number;
  frozen: number;
  lifetime_earned: number;
  total: number | string | null;
  earned: number | string | null;
  held: number | string | null;
}

const accountsPerStep = 500;

const isEarned = (record: string): string =>
  `${record}.points > 0 AND ${record}.type IN (${earningTypeNumbers.join(', ')})`;
/** What a record `r` adds to the points earned; as the reversal of the record `o` it takes that away again. */
const earnedPoints = `CASE WHEN ${isEarned('r')} OR (${isEarned('o')}) THEN r.points ELSE 0 END`;

/**
 * Compares balances and the points earned with the sums of their records, what is frozen with what is on hold, and each record's
 * balance with the running sum (P-01). Every statement sees one moment, so that postings may go on meanwhile.
 */
export async function inspectAccounts(reader: Reader, userIds: readonly number[]): Promise<Imbalance[]> {
  if (userIds.length === 0) return [];
  const list = placeholders(userIds.length);
  const accounts = await reader.query<AccountRow>(
    `SELECT a.user_id, a.balance, a.frozen, a.lifetime_earned, s.total, s.earned,
       (SELECT SUM(h.remaining) FROM point_holds h WHERE h.user_id = a.user_id AND h.remaining > 0) AS held
     FROM point_accounts a LEFT JOIN (
       SELECT r.user_id, SUM(r.points) AS total, SUM(${earnedPoints}) AS earned
       FROM point_records r LEFT JOIN point_records o ON o.id = r.reverses_id
       WHERE r.user_id IN (${list}) GROUP BY r.user_id
     ) s ON s.user_id = a.user_id WHERE a.user_id IN (${list})`,
    [...userIds, ...userIds],
  );
  const found = accounts.flatMap(imbalancesOf);
  const known = new Set(accounts.map(({ user_id }) => user_id));
  const lost = userIds.filter((userId) => !known.has(userId));
  const chains = await reader.query<{ user_id: number; running: number | string; balance_after: number }>(
    `SELECT t.user_id, MIN(t.running) AS running, MIN(t.balance_after) AS balance_after FROM (
       SELECT user_id, balance_after, SUM(points) OVER (PARTITION BY user_id ORDER BY id) AS running
       FROM point_records WHERE user_id IN (${list})
     ) t WHERE t.running <> t.balance_after GROUP BY t.user_id`,
    userIds,
  );
  return [
    ...found,
    ...chains.map((row) => problemOf(row.user_id, 'record_balance', Number(row.running), row.balance_after)),
    ...lost.map((userId) => problemOf(userId, 'account_missing', 1, 0)),
  ];
}

function imbalancesOf({ user_id, balance, frozen, lifetime_earned, total, earned, held }: AccountRow): Imbalance[] {
  const sum = Number(total ?? 0);
  const onHold = Number(held ?? 0);
  const everEarned = Math.min(balanceAtMost, Number(earned ?? 0));
  return [
    ...(lifetime_earned === everEarned ? [] : [problemOf(user_id, 'lifetime_earned', everEarned, lifetime_earned)]),
    ...(balance === sum ? [] : [problemOf(user_id, 'balance', sum, balance)]),
    ...(frozen === onHold ? [] : [problemOf(user_id, 'frozen', onHold, frozen)]),
    ...(balance >= 0 && frozen >= 0 && frozen <= balance ? [] : [problemOf(user_id, 'negative', 0, balance - frozen)]),
  ];
}

function problemOf(userId: number, problem: BookProblem, expected: number, found: number): Imbalance {
  return { userId, problem, expected, found };
}

interface EndRow {
  user_id: number;
  balance: number;
  frozen: number;
  balance_before: number | null;
  balance_last: number | null;
  held: number | string | null;
}

/**
 * Members of new records whose books need a closer look: a record does not follow from the one before, or the account is not where its
 * last record left it. What was right before these records is right after them, so that the whole history need not be added up. No record
 * says what had been earned by then: for that the walk through all accounts is there.
 */
export async function suspectsOf(
  reader: Reader,
  behindId: number,
  records: readonly Pick<SealedRow, 'user_id' | 'points' | 'balance_after'>[],
): Promise<number[]> {
  const userIds = [...new Set(records.map(({ user_id }) => user_id))];
  if (userIds.length === 0) return [];
  const last = 'SELECT r.balance_after FROM point_records r WHERE r.user_id = a.user_id';
  const rows = await reader.query<EndRow>(
    `SELECT a.user_id, a.balance, a.frozen, (${last} AND r.id <= ? ORDER BY r.id DESC LIMIT 1) AS balance_before,
       (${last} ORDER BY r.id DESC LIMIT 1) AS balance_last,
       (SELECT SUM(h.remaining) FROM point_holds h WHERE h.user_id = a.user_id AND h.remaining > 0) AS held
     FROM point_accounts a WHERE a.user_id IN (${placeholders(userIds.length)})`,
    [behindId, ...userIds],
  );
  const balances = new Map(rows.map(({ user_id, balance_before }) => [user_id, balance_before ?? 0]));
  const suspects = new Set(userIds.filter((userId) => !balances.has(userId)));
  for (const { user_id, points, balance_after } of records) {
    if ((balances.get(user_id) ?? 0) + points !== balance_after) suspects.add(user_id);
    balances.set(user_id, balance_after);
  }
  for (const { user_id, balance, frozen, balance_last: end, held } of rows) {
    if (balance !== (end ?? 0) || frozen !== Number(held ?? 0)) suspects.add(user_id);
  }
  return [...suspects];
}

/** The accounts behind `after`, in order, and members who have records but no account. */
export async function nextAccounts(reader: Reader, after: number, limit = accountsPerStep): Promise<number[]> {
  const size = Math.trunc(limit);
  const rows = await reader.query<{ user_id: number }>(
    `SELECT user_id FROM (
       (SELECT user_id FROM point_accounts WHERE user_id > ? ORDER BY user_id LIMIT ${size})
     ) a UNION SELECT user_id FROM (
       SELECT DISTINCT user_id FROM point_records WHERE user_id > ? ORDER BY user_id LIMIT ${size}
     ) r ORDER BY user_id LIMIT ${size}`,
    [after, after],
  );
  return rows.map(({ user_id }) => user_id);
}

/** Walks through all accounts, some at a time, and hands over what is wrong. */
export async function inspectAll(
  reader: Reader,
  tell: (imbalance: Imbalance) => void,
): Promise<{ accounts: number; imbalances: number }> {
  const count = { accounts: 0, imbalances: 0 };
  for (let after = 0; ;) {
    const userIds = await nextAccounts(reader, after);
    const found = await inspectAccounts(reader, userIds);
    found.forEach(tell);
    count.accounts += userIds.length;
    count.imbalances += new Set(found.map(({ userId }) => userId)).size;
    if (userIds.length < accountsPerStep) return count;
    after = userIds.at(-1) ?? after;
  }
}
