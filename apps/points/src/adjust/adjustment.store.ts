import type { z } from 'zod';
import type { adjustmentSchema, AdjustmentState } from '#contracts';
import { fromSqlTimeOrNull, isoTime, isoTimeOrNull, sqlTime, type SqlTime, type Tx } from '#database';
import { stateAt, unreviewedWindowMs } from './adjustment.rules.js';

export type AdjustmentView = z.infer<typeof adjustmentSchema>;

export interface AdjustmentRow {
  id: number;
  user_id: number;
  points: number;
  reason: string;
  state: Exclude<AdjustmentState, 'expired'>;
  requested_by: number;
  requested_at: SqlTime;
  expires_at: SqlTime | null;
  decided_by: number | null;
  decided_at: SqlTime | null;
  decision_note: string | null;
  balance_after: number | null;
}

export const adjustmentColumns = `id, user_id, points, reason, state, requested_by, requested_at, expires_at, decided_by,
  decided_at, decision_note, balance_after`;

export function viewOfAdjustment(row: AdjustmentRow, now: Date): AdjustmentView {
  return {
    ...row,
    state: stateAt(row.state, fromSqlTimeOrNull(row.expires_at), now),
    requested_at: isoTime(row.requested_at),
    expires_at: isoTimeOrNull(row.expires_at),
    decided_at: isoTimeOrNull(row.decided_at),
  };
}

export function lockAdjustment(tx: Tx, id: number): Promise<AdjustmentRow | undefined> {
  return tx.one<AdjustmentRow>(`SELECT ${adjustmentColumns} FROM point_adjustments WHERE id = ?${tx.lock}`, [id]);
}

/** What this admin did to this member alone, within the window. Exact under the lock of the member's account. */
export async function unreviewedPoints(tx: Tx, adminId: number, userId: number, now: Date): Promise<number> {
  const row = await tx.one<{ total: number | string }>(
    `SELECT COALESCE(SUM(ABS(points)), 0) AS total FROM point_adjustments
     WHERE user_id = ? AND requested_at > ? AND requested_by = ? AND state = 'applied' AND decided_by IS NULL`,
    [userId, sqlTime(new Date(now.getTime() - unreviewedWindowMs)), adminId],
  );
  return Number(row?.total ?? 0);
}

export function countPending(tx: Tx, now: Date): Promise<number> {
  return tx.count("point_adjustments WHERE state = 'pending' AND expires_at > ?", [sqlTime(now)]);
}
