import { sqlTime, type Reader, type SqlTime, type Tx } from '#database';

export type StepUpStatus = 'pending' | 'confirmed' | 'refused';

export interface StepUpRow {
  id: string;
  user_id: number;
  session_id: string;
  status: StepUpStatus;
  /** Until when it can be answered, and once confirmed until when it counts. */
  expires_at: SqlTime;
}

const columns = 'id, user_id, session_id, status, expires_at';

export function findStepUp(reader: Reader, id: string): Promise<StepUpRow | undefined> {
  return reader.one<StepUpRow>(`SELECT ${columns} FROM step_ups WHERE id = ?`, [id]);
}

export function lockStepUp(tx: Tx, id: string): Promise<StepUpRow | undefined> {
  return tx.one<StepUpRow>(`SELECT ${columns} FROM step_ups WHERE id = ?${tx.lock}`, [id]);
}

/** More than may wait. */
const pendingReadAtMost = 10;

/** Those that can still be answered, newest first. */
export function pendingStepUps(reader: Reader, userId: number, now: Date): Promise<StepUpRow[]> {
  return reader.query<StepUpRow>(
    `SELECT ${columns} FROM step_ups WHERE user_id = ? AND status = 'pending' AND expires_at > ?
     ORDER BY created_at DESC, id LIMIT ${pendingReadAtMost}`,
    [userId, sqlTime(now)],
  );
}

const keptMs = 24 * 3_600_000;

/** A member's confirmations of yesterday are of no use to anybody. */
export async function forgetOldStepUps(tx: Tx, userId: number, now: Date): Promise<void> {
  await tx.execute('DELETE FROM step_ups WHERE user_id = ? AND expires_at < ?', [
    userId,
    sqlTime(new Date(now.getTime() - keptMs)),
  ]);
}
