import { AppError } from '#contracts';
import type { Tx } from '#database';
import { readStanding } from '#service';
import type { Account } from './ledger.store.js';

/**
 * For what is given or taken by a typed number (P-01, P-03, P-09): the ledger opens an account for any, and points at a mistyped one would
 * wait there for a stranger. Known is who registered, as service `user` tells; whoever was here before that was heard is known by what the
 * ledger wrote for them. Called under the account's lock, so that a refusal takes an account that was opened for it away again. Who
 * registered a moment ago may not have been heard of yet: the refusal is transient, a repeat is decided anew.
 * @throws AppError user.not_found, also for an account that is erased.
 */
export async function requireKnownMember(tx: Tx, { userId, version }: Account): Promise<void> {
  const sql = 'SELECT registered_at FROM point_accounts WHERE user_id = ?';
  const row = await tx.one<{ registered_at: string | null }>(sql, [userId]);
  if (row?.registered_at) return;
  const wasHereBefore = version > 0 && (await readStanding(tx, userId)) !== 'erased';
  if (!wasHereBefore) throw new AppError('user.not_found');
}
