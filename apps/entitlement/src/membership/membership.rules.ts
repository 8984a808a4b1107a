import type { Membership } from '#contracts';

export interface MembershipPeriod {
  readonly kind: 'trial' | 'formal' | 'permanent';
  readonly plan: string;
  readonly startedAt: Date;
  /** Null for a membership without an end. */
  readonly expiresAt: Date | null;
}

/** U-02: seven days, once per identity, ever. */
export const trialDays = 7;
export const trialPlan = 'trial';

const dayMs = 86_400_000;

/** The membership as of `now`: `expired` is a fact of the clock (U-06). */
export function membershipAt(period: MembershipPeriod | null, now: Date): Membership {
  if (!period) return { state: 'none', plan: null, started_at: null, expires_at: null };
  return {
    state: isOver(period, now) ? 'expired' : period.kind,
    plan: period.plan,
    started_at: period.startedAt.toISOString(),
    expires_at: period.expiresAt?.toISOString() ?? null,
  };
}

export function isOver({ expiresAt }: MembershipPeriod, now: Date): boolean {
  return expiresAt !== null && expiresAt.getTime() <= now.getTime();
}

export function trialPeriod(now: Date, days: number): MembershipPeriod {
  return { kind: 'trial', plan: trialPlan, startedAt: now, expiresAt: new Date(now.getTime() + days * dayMs) };
}
