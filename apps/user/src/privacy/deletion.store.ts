import { AppError } from '#contracts';
import type { Reader, SqlTime } from '#database';

export interface DeletionRow {
  user_id: number;
  state: 'pending' | 'erasing' | 'erased' | 'done';
  requested_at: SqlTime;
  due_at: SqlTime;
  reminded_days: number | null;
}

/** The deletion of an account, whatever its state. */
export function findDeletion(reader: Reader, userId: number): Promise<DeletionRow | undefined> {
  return reader.one<DeletionRow>(
    'SELECT user_id, state, requested_at, due_at, reminded_days FROM deletion_requests WHERE user_id = ?',
    [userId],
  );
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
