import { membershipDaysAtMost, type grantedReferences, type ItemRefusal, type UserStatus } from '#contracts';
import {
  customPlan,
  decideMembership,
  isOver,
  refusalOf,
  type DecidedMembership,
  type MembershipPeriod,
} from '../membership/membership.rules.js';

/** What an order of the exchange shop is for. */
export interface OrderedItem {
  readonly exchange_type: string;
  readonly reward_reference: string | null;
  readonly reward_value: number | null;
  readonly quantity: number;
}

const dayMs = 86_400_000;
const reference: (typeof grantedReferences)[number] = 'membership';

/** Whether an order is for membership days, and so this service's to give. */
export function isForMembership({ exchange_type, reward_reference }: OrderedItem): boolean {
  return exchange_type === 'privilege' && reward_reference === reference;
}

/** The days an order gives; null when there are none, or more than are given at once. */
export function orderedDays({ reward_value, quantity }: OrderedItem): number | null {
  const days = (reward_value ?? 0) * quantity;
  return Number.isSafeInteger(days) && days >= 1 && days <= membershipDaysAtMost ? days : null;
}

export type OrderDecision =
  | { readonly refusal: ItemRefusal }
  | {
      readonly refusal: null;
      readonly days: number;
      readonly decided: DecidedMembership;
      /** The membership that is prolonged; null when none is alive. */
      readonly prolongs: MembershipPeriod | null;
    };

const refusalsOfStandings: Record<Exclude<UserStatus, 'active'>, ItemRefusal> = {
  banned: 'banned',
  deletion_pending: 'deletion_pending',
  erased: 'unknown_member',
};

/** Why an account in this standing is given nothing; null for an active one. */
export function refusalOfStanding(standing: UserStatus): ItemRefusal | null {
  return standing === 'active' ? null : refusalsOfStandings[standing];
}

/** Gives the days of an order by the rules of renewal (U-04), or says why not (P-07). */
export function decideOrder(current: MembershipPeriod | null, item: OrderedItem, now: Date): OrderDecision {
  const days = orderedDays(item);
  if (days === null) return { refusal: 'days_out_of_range' };
  const grant = { kind: 'formal', plan: customPlan(days), days, newMembersOnly: false } as const;
  const refusal = refusalOf(current, grant, now);
  if (refusal === 'membership.already_permanent') return { refusal: 'already_permanent' };
  if (refusal !== null) return { refusal: 'ends_too_late' };
  const prolongs = current !== null && !isOver(current, now) ? current : null;
  return { refusal: null, days, decided: decideMembership(current, grant, now), prolongs };
}

/** Where the days of an order lie in the membership, and what they prolonged. */
export interface GivenDays {
  readonly beginsMs: number;
  readonly endsMs: number;
  readonly before: Pick<MembershipPeriod, 'kind' | 'plan'> | null;
}

export interface TakenBack {
  readonly membership: MembershipPeriod;
  /** By how much everything that comes after these days moves forward. */
  readonly takenMs: number;
}

/**
 * Takes the days of an order back (P-07): those that are not over yet. What other grants gave stays, behind them or before them, so
 * the end is never before now. Null when nothing is to be taken: the days are over, or the membership has no end.
 */
export function takeBack(current: MembershipPeriod | null, given: GivenDays, now: Date): TakenBack | null {
  if (current === null || current.expiresAt === null) return null;
  const takenMs = given.endsMs - Math.max(given.beginsMs, now.getTime());
  if (takenMs <= 0) return null;
  const endMs = current.expiresAt.getTime();
  const expiresAt = new Date(Math.max(now.getTime(), endMs - takenMs));
  // The last days of a membership have made it what it is: without them it is again what it was.
  const isLast = given.endsMs === endMs && now.getTime() < given.beginsMs;
  const { kind, plan } = isLast && given.before ? given.before : current;
  return { membership: { ...current, kind, plan, expiresAt }, takenMs };
}

/** As people count what was left: a day that had begun is one. */
export function wholeDays(durationMs: number): number {
  return Math.ceil(durationMs / dayMs);
}
