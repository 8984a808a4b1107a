import { sqlTime, type Tx } from '#database';

/** Notes that a member has been told of this end otherwise, so that no reminder says it again (U-06). */
export async function noteEndTold(tx: Tx, userId: number, expiresAt: Date, now: Date): Promise<void> {
  const key = { user_id: userId, expires_at: sqlTime(expiresAt), kind: 'expired' };
  const conflict = ['user_id', 'expires_at', 'kind'];
  await tx.upsert('membership_reminders', { ...key, created_at: sqlTime(now) }, { conflict });
}
