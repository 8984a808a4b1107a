import { AppError, standingRefusal, type UserStatus } from '#contracts';
import { placeholders, type Reader } from '#database';
import { userStatusOf } from './standing.list.js';

/** What the service has heard last about an account that a request is not made by, but for or about (U-01). */
export async function readStanding(reader: Reader, userId: number): Promise<UserStatus> {
  const row = await reader.one<{ status: string }>(
    'SELECT status FROM standing_changes WHERE user_id = ? ORDER BY changed_at DESC, id DESC LIMIT 1',
    [userId],
  );
  return row === undefined ? 'active' : userStatusOf(row.status);
}

/** Whether an account is erased, which is for ever: what is heard of it afterwards must leave nothing behind (U-15). */
export async function isErased(reader: Reader, userId: number): Promise<boolean> {
  return (await readStanding(reader, userId)) === 'erased';
}

/** Of what was heard of many accounts, that of those which are not erased. */
export async function withoutErased<Item>(
  reader: Reader,
  items: readonly Item[],
  userIdOf: (item: Item) => number,
): Promise<Item[]> {
  const ids = [...new Set(items.map(userIdOf))];
  if (ids.length === 0) return [];
  const rows = await reader.query<{ user_id: number }>(
    `SELECT user_id FROM standing_changes WHERE status = 'erased' AND user_id IN (${placeholders(ids.length)})`,
    ids,
  );
  const erased = new Set(rows.map(({ user_id }) => user_id));
  return items.filter((item) => !erased.has(userIdOf(item)));
}

/** @throws AppError user.banned, user.deletion_pending; user.not_found for an account that is erased. */
export async function requireGoodStanding(reader: Reader, userId: number): Promise<void> {
  const status = await readStanding(reader, userId);
  if (status === 'active') return;
  const name = status === 'erased' ? 'user.not_found' : standingRefusal(status);
  if (name) throw AppError.fromWire({ name });
}

/** A condition for rows of active accounts: the latest change of each counts. `column` comes from code, never from input. */
export function inGoodStanding(column: string): string {
  return `NOT EXISTS (SELECT 1 FROM standing_changes s WHERE s.user_id = ${column} AND s.status <> 'active'
    AND NOT EXISTS (SELECT 1 FROM standing_changes l WHERE l.user_id = s.user_id
      AND (l.changed_at > s.changed_at OR (l.changed_at = s.changed_at AND l.id > s.id))))`;
}
