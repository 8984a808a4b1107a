import { placeholders, sqlTime, type Tx } from '#database';
import type { Account } from '../ledger/ledger.service.js';
import type { DecidedCheckIn } from './check-in.rules.js';

export interface AcceptedCheckIn {
  readonly account: Pick<Account, 'userId'>;
  readonly checkIn: DecidedCheckIn;
}

/** Writes down accepted check-ins, one for each member, and returns their ids by member. */
export async function insertCheckIns(
  tx: Tx,
  accepted: readonly AcceptedCheckIn[],
  now: Date,
): Promise<Map<number, number>> {
  if (accepted.length === 0) return new Map();
  const rows = accepted.map(({ account, checkIn: { day, points, skippedDays, after } }) => ({
    user_id: account.userId,
    day,
    streak_days: after.streakDays,
    total_days: after.totalDays,
    points,
    timezone: after.timezone,
    skipped_days: skippedDays,
    streak_weeks: after.rewarded.weeks,
    streak_months: after.rewarded.months,
    created_at: sqlTime(now),
  }));
  if (rows.length === 1) {
    const { insertId } = await tx.insert('check_ins', rows);
    return new Map([[rows[0]?.user_id as number, insertId]]);
  }
  await tx.insertLater('check_ins', rows);
  // Members whose days differ are asked for each other's days too; the row of the right day is the latest one.
  const days = [...new Set(rows.map(({ day }) => day))];
  const written = await tx.query<{ id: number; user_id: number }>(
    `SELECT id, user_id FROM check_ins WHERE user_id IN (${placeholders(rows.length)}) AND day IN (${placeholders(days.length)})
     ORDER BY day`,
    [...rows.map(({ user_id }) => user_id), ...days],
  );
  return new Map(written.map(({ id, user_id }) => [user_id, id]));
}
