import { AppError } from '#contracts';
import { sqlTime, type Reader, type SqlTime, type Tx } from '#database';

export interface DeletionRow {
  user_id: number;
  state: 'pending' | 'erasing' | 'erased' | 'done';
  requested_at: SqlTime;
  due_at: SqlTime;
  reminded_days: number | null;
}

const select = 'SELECT user_id, state, requested_at, due_at, reminded_days FROM deletion_requests WHERE';

/** The deletion of an account, whatever its state. */
export function findDeletion(reader: Reader, userId: number): Promise<DeletionRow | undefined> {
  return reader.one<DeletionRow>(`${select} user_id = ?`, [userId]);
}

export function lockDeletion(tx: Tx, userId: number): Promise<DeletionRow | undefined> {
  return tx.one<DeletionRow>(`${select} user_id = ?${tx.lock}`, [userId]);
}

/** Deletions in a state that are due by then, the longest due first. */
export function deletionsDue(
  reader: Reader,
  state: DeletionRow['state'],
  until: Date,
  limit: number,
): Promise<DeletionRow[]> {
  return reader.query<DeletionRow>(`${select} state = ? AND due_at <= ? ORDER BY due_at LIMIT ${limit}`, [
    state,
    sqlTime(until),
  ]);
}

/**
 * Nobody's account any more, though not all services have erased their part yet.
 * @returns the deletion that waits, if the member has asked for one
 * @throws AppError user.being_erased
 */
export async function refuseBeingErased(reader: Reader, userId: number): Promise<DeletionRow | undefined> {
  const deletion = await findDeletion(reader, userId);
  if (deletion !== undefined && deletion.state !== 'pending') throw new AppError('user.being_erased');
  return deletion;
}
