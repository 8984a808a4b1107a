import { sqlTime, type Reader } from '#database';
import { userStatuses } from '../identity/profile.rules.js';
import type { DaySpan } from './activity.rules.js';

/** How many rows of a table fall on each of consecutive days. Names come from code, never from input. */
export async function countByDay(
  reader: Reader,
  table: 'users' | 'member_registrations',
  column: string,
  spans: readonly DaySpan[],
): Promise<Map<string, number>> {
  const [first, last] = [spans[0], spans.at(-1)];
  if (!first || !last) return new Map();
  const numbered = spans.map((_, number) => `WHEN ${column} < ? THEN ${number}`).join(' ');
  const rows = await reader.query<{ day_number: number | string; total: number | string }>(
    `SELECT day_number, COUNT(*) AS total FROM
       (SELECT CASE ${numbered} END AS day_number FROM ${table} WHERE ${column} >= ? AND ${column} < ?) numbered
     GROUP BY day_number`,
    [...spans.map(({ endsAt }) => sqlTime(endsAt)), sqlTime(first.startsAt), sqlTime(last.endsAt)],
  );
  return new Map(rows.map(({ day_number, total }) => [spans[Number(day_number)]?.day ?? '', Number(total)]));
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
