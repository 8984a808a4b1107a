import { grantedReferences, membershipDaysAtMost, type ExchangeType, type GrantedReference } from '#contracts';

/** What an item is worth to whoever gives it. */
export interface Reward {
  readonly exchange_type: ExchangeType;
  readonly reward_reference: string | null;
  readonly reward_value: number | null;
}

export interface RewardedItem extends Reward {
  readonly fulfilment: string;
}

/** Where something is wrong with an item, and what. */
export interface ItemProblem {
  readonly path: string[];
  readonly code: string;
}

/** What of the platform gives it; null when nobody but an admin can. */
function grantedReferenceOf({ exchange_type, reward_reference }: Reward): GrantedReference | null {
  if (exchange_type !== 'privilege') return null;
  return grantedReferences.find((reference) => reference === reward_reference) ?? null;
}

/** The days of membership that so many of an item give; null when it gives none. */
export function membershipDaysOf(reward: Reward, quantity = 1): number | null {
  const { reward_value: days } = reward;
  return grantedReferenceOf(reward) !== null && days !== null && areDays(days) ? days * quantity : null;
}

function areDays(value: number): boolean {
  return value >= 1 && value <= membershipDaysAtMost;
}

/** Whether an order of it is completed with the purchase: only where something really gives it. */
export function isGivenAtOnce(item: RewardedItem): boolean {
  return item.fulfilment === 'automatic' && (item.exchange_type === 'coupon' || membershipDaysOf(item) !== null);
}

/** What is wrong with what an item gives: `automatic` is for what something really gives (P-07). Null when nothing is. */
export function problemOfReward(item: RewardedItem): ItemProblem | null {
  const isAutomatic = item.fulfilment === 'automatic';
  if (item.exchange_type === 'product' && isAutomatic) return { path: ['fulfilment'], code: 'products_are_manual' };
  if (grantedReferenceOf(item) !== null) return problemOfDays(item.reward_value);
  return isAutomatic && !isGivenAtOnce(item) ? { path: ['fulfilment'], code: 'nobody_grants_it' } : null;
}

/** Also of what an admin hands over: with the order's completion the platform gives the days. */
function problemOfDays(days: number | null): ItemProblem | null {
  if (days === null || days < 1) return { path: ['reward_value'], code: 'days_missing' };
  return areDays(days) ? null : { path: ['reward_value'], code: 'too_many_days' };
}
