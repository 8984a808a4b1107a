import type { AdjustmentState, ErrorName } from '#contracts';

/** What an admin wants, and what the same admin has given or taken without a second pair of eyes within the window before. */
export interface WantedAdjustment {
  readonly points: number;
  readonly userId: number;
  readonly adminId: number;
  /** Sum of the sizes, not of the signs, so that cutting a large one into pieces helps nobody. */
  readonly unreviewedPoints: number;
}

export const unreviewedWindowMs = 24 * 60 * 60_000;

/** Whether another admin must agree (P-09): above the threshold, and always for one's own account. */
export function needsSecondAdmin(wanted: WantedAdjustment, thresholdPoints: number): boolean {
  return wanted.userId === wanted.adminId || Math.abs(wanted.points) + wanted.unreviewedPoints > thresholdPoints;
}

export interface WaitingAdjustment {
  readonly state: AdjustmentState;
  readonly userId: number;
  readonly requestedBy: number;
}

/** Why this admin may not decide this adjustment; null when they may. */
export function refusalToDecide(
  { state, userId, requestedBy }: WaitingAdjustment,
  adminId: number,
): (ErrorName & `adjustment.${string}`) | null {
  if (state === 'expired') return 'adjustment.expired';
  if (state !== 'pending') return 'adjustment.already_decided';
  return adminId === requestedBy || adminId === userId ? 'adjustment.second_admin_required' : null;
}

/** The state as it is at `now`: nobody has to come by for a request to expire. */
export function stateAt(
  stored: Exclude<AdjustmentState, 'expired'>,
  expiresAt: Date | null,
  now: Date,
): AdjustmentState {
  return stored === 'pending' && expiresAt !== null && expiresAt <= now ? 'expired' : stored;
}
