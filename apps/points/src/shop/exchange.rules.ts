import { AppError, membershipDaysAtMost, type ExchangeStatus, type LimitPeriod } from '#contracts';
import { addDays } from '#calendar';
import { problemOfReward, type ItemProblem, type RewardedItem } from './reward.rules.js';

/** What decides whether an item is on the shelf. */
export interface Shelf {
  readonly enabled: boolean;
  readonly isRemoved: boolean;
  readonly startsAt: Date | null;
  readonly endsAt: Date | null;
  readonly stock: number | null;
}

/** The status as it is at `now`; a window opens and closes by the clock. */
export function statusOf({ enabled, isRemoved, startsAt, endsAt, stock }: Shelf, now: Date): ExchangeStatus {
  if (isRemoved) return 'removed';
  if (!enabled) return 'inactive';
  if (startsAt !== null && now < startsAt) return 'scheduled';
  if (endsAt !== null && now >= endsAt) return 'ended';
  return stock === 0 ? 'out_of_stock' : 'active';
}

/** The period of the community's calendar that `day` lies in; weeks begin on Monday. */
export function periodKey(period: LimitPeriod | null, day: string): string {
  if (period === null) return '';
  if (period === 'month') return `month:${day.slice(0, 7)}`;
  if (period === 'day') return `day:${day}`;
  const weekday = (new Date(`${day}T00:00:00Z`).getUTCDay() + 6) % 7;
  return `week:${addDays(day, -weekday)}`;
}

export interface Limits {
  readonly total: number | null;
  readonly perPeriod: number | null;
}

/** What a member has of an item; `periodKey` says which period `inPeriod` counts. */
export interface Bought {
  readonly total: number;
  readonly periodKey: string;
  readonly inPeriod: number;
}

/** What counts in the period of now: another one begins with nothing. */
export function boughtInPeriod(bought: Bought, currentPeriod: string): number {
  return bought.periodKey === currentPeriod ? bought.inPeriod : 0;
}

/** How many a member can still have by limits and stock; null is unlimited. */
export function leftFor(limits: Limits, bought: Bought, currentPeriod: string, stock: number | null): number | null {
  const bounds = [
    ...(limits.total === null ? [] : [limits.total - bought.total]),
    ...(limits.perPeriod === null ? [] : [limits.perPeriod - boughtInPeriod(bought, currentPeriod)]),
    ...(stock === null ? [] : [stock]),
  ];
  return bounds.length === 0 ? null : Math.max(0, Math.min(...bounds));
}

export interface Offer {
  readonly status: ExchangeStatus;
  readonly pointsRequired: number;
  readonly stock: number | null;
  readonly limits: Limits;
  /** The days of membership that one gives; null when it gives none. */
  readonly membershipDays: number | null;
}

export interface PurchaseWish {
  readonly quantity: number;
  /** The price the member has seen; undefined when any is fine. */
  readonly expectedPoints: number | undefined;
}

/** Why an item is not sold like this; null when it is. What the account holds is the ledger's matter. */
export function refusalToSell(
  offer: Offer,
  { quantity, expectedPoints }: PurchaseWish,
  bought: Bought,
  currentPeriod: string,
): AppError | null {
  const { status, stock, limits, pointsRequired } = offer;
  if (status === 'out_of_stock') return new AppError('shop.out_of_stock', { stock: 0 });
  if (status !== 'active') return new AppError('shop.item_not_available');
  if (expectedPoints !== undefined && expectedPoints !== pointsRequired)
    return new AppError('shop.price_changed', { points: pointsRequired });
  const days = (offer.membershipDays ?? 0) * quantity;
  if (days > membershipDaysAtMost) return new AppError('shop.too_many_days', { days, limit: membershipDaysAtMost });
  if (stock !== null && quantity > stock) return new AppError('shop.out_of_stock', { stock });
  if (limits.total !== null && bought.total + quantity > limits.total)
    return new AppError('shop.limit_reached', { limit: limits.total, bought: bought.total });
  const inPeriod = boughtInPeriod(bought, currentPeriod);
  if (limits.perPeriod !== null && inPeriod + quantity > limits.perPeriod)
    return new AppError('shop.period_limit_reached', { limit: limits.perPeriod, bought: inPeriod });
  return null;
}

/** What is wrong with an item as a whole; null when nothing is. */
export function problemOfItem(
  item: RewardedItem & {
    readonly limit_per_period: number | null;
    readonly limit_period: string | null;
    readonly starts_at: Date | null;
    readonly ends_at: Date | null;
  },
): ItemProblem | null {
  if ((item.limit_per_period === null) !== (item.limit_period === null))
    return { path: ['limit_period'], code: 'limit_and_period_together' };
  if (item.starts_at !== null && item.ends_at !== null && item.starts_at >= item.ends_at)
    return { path: ['ends_at'], code: 'ends_before_it_starts' };
  return problemOfReward(item);
}
