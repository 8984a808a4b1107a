import type { Membership } from '#contracts';

export interface MembershipPeriod {
  readonly kind: 'trial' | 'formal' | 'permanent';
  readonly plan: string;
  readonly startedAt: Date;
  /** Null for a membership without an end. */
  readonly expiresAt: Date | null;
}

/** What a code gives: days of a plan, or a membership without an end. */
export interface Grant {
  readonly kind: 'trial' | 'formal';
  readonly plan: string;
  /** Null has no end. */
  readonly days: number | null;
  /** Only for who has never been a member (U-03, a member's code). */
  readonly newMembersOnly: boolean;
}

export interface DecidedMembership {
  /** The membership from now on. */
  readonly membership: MembershipPeriod;
  /** The period that is added to the history: it begins where the old one ends (U-04). */
  readonly period: MembershipPeriod;
  readonly renewal: boolean;
}

/** U-02: seven days, once per identity, ever. */
export const trialDays = 7;
export const trialPlan = 'trial';

/** The name of days that no plan of the catalogue gives. */
export function customPlan(days: number): string {
  return `custom_${days}`;
}

const dayMs = 86_400_000;
/** A hundred years: what ends later than that is to be the plan without an end, and ends at a time that can be written down. */
const endsWithinDays = 36_525;

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

export type MembershipRefusal =
  | 'membership.new_members_only'
  | 'membership.already_active'
  | 'membership.already_permanent'
  | 'membership.ends_too_late';

/** Why a member in this state cannot use such a code, or null. Whether a trial was had before is the claims' to say. */
export function refusalOf(current: MembershipPeriod | null, grant: Grant, now: Date): MembershipRefusal | null {
  if (!current) return null;
  if (grant.newMembersOnly) return 'membership.new_members_only';
  const active = !isOver(current, now);
  if (grant.kind === 'trial') return active ? 'membership.already_active' : null;
  // U-04: a permanent membership is never shortened, so there is nothing a further code could give.
  if (current.expiresAt === null) return 'membership.already_permanent';
  return endsTooLate(decideMembership(current, grant, now), now) ? 'membership.ends_too_late' : null;
}

function endsTooLate({ membership }: DecidedMembership, now: Date): boolean {
  return membership.expiresAt !== null && membership.expiresAt.getTime() > now.getTime() + endsWithinDays * dayMs;
}

/** U-04: a new period starts at max(now, old expiry); a membership that is alive keeps its beginning. */
export function decideMembership(current: MembershipPeriod | null, grant: Grant, now: Date): DecidedMembership {
  const alive = current !== null && !isOver(current, now) ? current : null;
  const startedAt = alive?.expiresAt ?? now;
  const expiresAt = grant.days === null ? null : new Date(startedAt.getTime() + grant.days * dayMs);
  const kind = grant.days === null ? 'permanent' : grant.kind;
  const period = { kind, plan: grant.plan, startedAt, expiresAt } as const;
  return { period, membership: { ...period, startedAt: alive?.startedAt ?? now }, renewal: current !== null };
}

/**
 * The inviter's reward (U-05): days at the end of a living membership, or a new formal period; nothing for a permanent one, or one
 * that ends as late as any may.
 */
export function rewardedMembership(current: MembershipPeriod, days: number, now: Date): DecidedMembership | null {
  if (current.expiresAt === null) return null;
  const alive = !isOver(current, now);
  const kind = alive ? current.kind : 'formal';
  const startedAt = alive ? current.expiresAt : now;
  const expiresAt = new Date(startedAt.getTime() + days * dayMs);
  const plan = alive ? current.plan : customPlan(days);
  const period = { kind, plan, startedAt, expiresAt };
  const decided = { period, membership: { ...period, startedAt: alive ? current.startedAt : now }, renewal: true };
  return endsTooLate(decided, now) ? null : decided;
}
