import { SessionEnded, type SessionMethod, type sessionEndReasons } from '#contracts';
import { fromSqlTime, sqlTime, type Reader, type SqlTime, type Tx } from '#database';
import type { CommandContext } from '#messaging';

export interface SessionRow {
  id: string;
  user_id: number;
  method: SessionMethod;
  device: string | null;
  ip: string | null;
  created_at: SqlTime;
  last_used_at: SqlTime | null;
  expires_at: SqlTime;
  ended_at: SqlTime | null;
}

export type SessionEndReason = (typeof sessionEndReasons)[number];

/** A member has no more open ones; the oldest makes room. */
export const sessionsAtMost = 100;

const columns = 'id, user_id, method, device, ip, created_at, last_used_at, expires_at, ended_at';

export function findSession(reader: Reader, id: string): Promise<SessionRow | undefined> {
  return reader.one<SessionRow>(`SELECT ${columns} FROM sessions WHERE id = ?`, [id]);
}

export function lockSession(tx: Tx, id: string): Promise<SessionRow | undefined> {
  return tx.one<SessionRow>(`SELECT ${columns} FROM sessions WHERE id = ?${tx.lock}`, [id]);
}

/** Newest first. */
export function openSessions(reader: Reader, userId: number, now: Date): Promise<SessionRow[]> {
  return reader.query<SessionRow>(
    `SELECT ${columns} FROM sessions WHERE user_id = ? AND ended_at IS NULL AND expires_at > ?
     ORDER BY created_at DESC, id LIMIT ${2 * sessionsAtMost}`,
    [userId, sqlTime(now)],
  );
}

export function isOpen(session: SessionRow | undefined, now: Date): session is SessionRow {
  return session !== undefined && session.ended_at === null && fromSqlTime(session.expires_at) > now;
}

/** Its refresh tokens are worth nothing from now on. */
export async function endSession(
  context: CommandContext,
  { id, user_id }: Pick<SessionRow, 'id' | 'user_id'>,
  reason: SessionEndReason,
): Promise<void> {
  const { affected } = await context.tx.execute(
    'UPDATE sessions SET ended_at = ?, end_reason = ? WHERE id = ? AND ended_at IS NULL',
    [sqlTime(context.now), reason, id],
  );
  if (affected === 0) return;
  context.emit(
    SessionEnded,
    { user_id, session_id: id, reason },
    { user_id, before: { session_id: id }, after: { ended: reason } },
  );
}
