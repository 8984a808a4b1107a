import { AppError, standingRefusal, type UserStatus } from '#contracts';
import type { Reader } from '#database';
import { userStatusOf } from './standing.list.js';

/** What the service has heard last about an account that a request is not made by, but for or about (U-01). */
export async function readStanding(reader: Reader, userId: number): Promise<UserStatus> {
  const row = await reader.one<{ status: string }>(
    'SELECT status FROM standing_changes WHERE user_id = ? ORDER BY changed_at DESC, id DESC LIMIT 1',
    [userId],
  );
  return row === undefined ? 'active' : userStatusOf(row.status);
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
