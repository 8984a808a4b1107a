import type { PeriodReason } from '#contracts';
import { fromSqlTime, sqlTime, type Reader, type SqlTime, type Tx } from '#database';
import type { MembershipPeriod } from './membership.rules.js';

interface MembershipRow {
  kind: MembershipPeriod['kind'] | null;
  plan: string | null;
  started_at: SqlTime | null;
  expires_at: SqlTime | null;
}

const columns = 'kind, plan, started_at, expires_at';

function periodOf(row: MembershipRow | undefined): MembershipPeriod | null {
  if (!row || row.kind === null || row.plan === null || row.started_at === null) return null;
  const expiresAt = row.expires_at === null ? null : fromSqlTime(row.expires_at);
  return { kind: row.kind, plan: row.plan, startedAt: fromSqlTime(row.started_at), expiresAt };
}

export async function readMembership(reader: Reader, userId: number): Promise<MembershipPeriod | null> {
  return periodOf(await reader.one<MembershipRow>(`SELECT ${columns} FROM memberships WHERE user_id = ?`, [userId]));
}

/** Locks the user's membership, making its row when there is none, and returns it as it stands. */
export async function lockMembership(tx: Tx, userId: number): Promise<MembershipPeriod | null> {
  await tx.upsert('memberships', { user_id: userId }, { conflict: ['user_id'] });
  return periodOf(
    await tx.one<MembershipRow>(`SELECT ${columns} FROM memberships WHERE user_id = ?${tx.lock}`, [userId]),
  );
}

/**
 * The time of a change of a membership that is locked: after the change before, though this one may have waited for the lock, or be of
 * the same batch.
 */
async function nextChangeAt(tx: Tx, userId: number, now: Date): Promise<Date> {
  const last = await tx.one<{ created_at: SqlTime }>(
    'SELECT created_at FROM membership_periods WHERE user_id = ? ORDER BY id DESC LIMIT 1',
    [userId],
  );
  return last ? new Date(Math.max(now.getTime(), fromSqlTime(last.created_at).getTime() + 1)) : now;
}

/** Writes the membership of a user whose row is locked, and adds a period to the history. @returns the time of the change */
export async function saveMembership(
  tx: Tx,
  userId: number,
  membership: MembershipPeriod,
  history: { period: MembershipPeriod; reason: PeriodReason; inviteCodeId: number | null },
  now: Date,
): Promise<Date> {
  const changedAt = await nextChangeAt(tx, userId, now);
  const { kind, plan, startedAt, expiresAt } = membership;
  await tx.execute('UPDATE memberships SET kind = ?, plan = ?, started_at = ?, expires_at = ? WHERE user_id = ?', [
    kind,
    plan,
    sqlTime(startedAt),
    expiresAt && sqlTime(expiresAt),
    userId,
  ]);
  const { period, reason, inviteCodeId } = history;
  await tx.insert('membership_periods', {
    user_id: userId,
    kind: period.kind,
    plan: period.plan,
    reason,
    started_at: sqlTime(period.startedAt),
    expires_at: period.expiresAt && sqlTime(period.expiresAt),
    invite_code_id: inviteCodeId,
    created_at: sqlTime(changedAt),
  });
  return changedAt;
}
