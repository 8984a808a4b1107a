import type { Reader } from '#database';
import { userStatuses } from '../identity/profile.rules.js';

/** How many rows of a table fall on each day (UTC). Names come from code, never from input. */
export async function countByDay(
  reader: Reader,
  table: 'users' | 'member_registrations',
  column: string,
  from: string,
  to: string,
): Promise<Map<string, number>> {
  const rows = await reader.query<{ day: string; total: number | string }>(
    `SELECT SUBSTR(${column}, 1, 10) AS day, COUNT(*) AS total FROM ${table}
     WHERE ${column} >= ? AND ${column} <= ? GROUP BY SUBSTR(${column}, 1, 10)`,
    [`${from} 00:00:00.000`, `${to} 23:59:59.999`],
  );
  return new Map(rows.map(({ day, total }) => [day, Number(total)]));
}

/** Accounts by the word of their status. */
export async function countMembers(reader: Reader): Promise<Record<string, number>> {
  const rows = await reader.query<{ status: number; total: number | string }>(
    'SELECT status, COUNT(*) AS total FROM users GROUP BY status',
  );
  return Object.fromEntries(
    Object.entries(userStatuses).map(([word, number]) => [
      word,
      Number(rows.find(({ status }) => status === number)?.total ?? 0),
    ]),
  );
}
