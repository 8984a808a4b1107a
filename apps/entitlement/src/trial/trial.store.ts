import { AppError } from '#contracts';
import { isDuplicateKey, placeholders, sqlTime, type Tx } from '#database';

/** More than a year of new mailboxes every day. */
const releasedAtMost = 500;

export function userIdentity(userId: number): string {
  return `user:${userId}`;
}

/** A mailbox by its keyed hash: the address itself is not kept here. */
export function mailIdentity(identityHash: string): string {
  return `mail:${identityHash}`;
}

/** A Telegram account by its keyed hash, so that it is known again when everything about the member was erased. */
export function telegramIdentity(identityHash: string): string {
  return `telegram:${identityHash}`;
}

/** A phone number by its keyed hash. */
export function phoneIdentity(identityHash: string): string {
  return `phone:${identityHash}`;
}

/**
 * Claims the trial for every identity of the user, however many there are: a limit could be filled with fresh mailboxes until the
 * known identity falls out of it. The primary key of the claims decides, not a look beforehand.
 * @throws AppError membership.trial_already_used when any of them has had it.
 */
export async function claimTrial(tx: Tx, userId: number, now: Date): Promise<void> {
  const claimedAt = sqlTime(now);
  try {
    await tx.insert('trial_claims', { identity: userIdentity(userId), user_id: userId, claimed_at: claimedAt });
    await tx.execute(
      `INSERT INTO trial_claims (identity, user_id, claimed_at)
       SELECT identity, user_id, ? FROM member_identities WHERE user_id = ? ORDER BY identity`,
      [claimedAt, userId],
    );
  } catch (error) {
    if (isDuplicateKey(error)) throw new AppError('membership.trial_already_used');
    throw error;
  }
}

/** Whether this user has had a trial. */
export async function hadTrial(tx: Tx, userId: number): Promise<boolean> {
  return (await tx.one('SELECT 1 FROM trial_claims WHERE identity = ?', [userIdentity(userId)])) !== undefined;
}

/** Claims one more identity for a user; false when somebody else's trial holds it. */
export async function claimIdentity(tx: Tx, identity: string, userId: number, now: Date): Promise<boolean> {
  await tx.upsert('trial_claims', { identity, user_id: userId, claimed_at: sqlTime(now) }, { conflict: ['identity'] });
  const row = await tx.one<{ user_id: number }>(`SELECT user_id FROM trial_claims WHERE identity = ?${tx.lock}`, [
    identity,
  ]);
  return row?.user_id === userId;
}

/** Forgets every claim of a user, so that the trial can be had again. */
export async function releaseClaims(tx: Tx, userId: number): Promise<void> {
  const rows = await tx.query<{ identity: string }>(
    `SELECT identity FROM member_identities WHERE user_id = ? ORDER BY identity DESC LIMIT ${releasedAtMost}`,
    [userId],
  );
  const identities = [userIdentity(userId), ...rows.map(({ identity }) => identity)];
  await tx.executeOnce(`DELETE FROM trial_claims WHERE identity IN (${placeholders(identities.length)})`, identities);
}
