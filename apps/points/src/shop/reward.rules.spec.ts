import { describe, expect, it } from 'vitest';
import { membershipDaysAtMost, type ExchangeType } from '#contracts';
import { isGivenAtOnce, membershipDaysOf, problemOfReward } from './reward.rules.js';

describe('what items of the shop give (P-07)', () => {
  it.each<[ExchangeType, string | null, number | null, string, string | undefined]>([
    ['coupon', null, null, 'automatic', undefined],
    ['coupon', 'membership', null, 'automatic', undefined],
    ['balance', null, 100, 'automatic', 'nobody_grants_it'],
    ['balance', 'membership', 30, 'automatic', 'nobody_grants_it'],
    ['balance', null, 100, 'manual', undefined],
    ['privilege', null, 30, 'automatic', 'nobody_grants_it'],
    ['privilege', 'Membership', 30, 'automatic', 'nobody_grants_it'],
    ['privilege', 'national_board', 30, 'manual', undefined],
    ['privilege', 'membership', 1, 'automatic', undefined],
    ['privilege', 'membership', membershipDaysAtMost, 'automatic', undefined],
    ['privilege', 'membership', membershipDaysAtMost + 1, 'automatic', 'too_many_days'],
    ['privilege', 'membership', 0, 'automatic', 'days_missing'],
    ['privilege', 'membership', null, 'automatic', 'days_missing'],
    ['privilege', 'membership', null, 'manual', 'days_missing'],
    ['privilege', 'membership', 30, 'manual', undefined],
    ['product', 'membership', 30, 'automatic', 'products_are_manual'],
  ])('a %s of %s with %s, %s: %s', (exchange_type, reward_reference, reward_value, fulfilment, problem) => {
    const item = { exchange_type, reward_reference, reward_value, fulfilment };
    expect(problemOfReward(item)?.code).toBe(problem);
    // What may be sold as given at once is given at once, and nothing else, however it came into the shop.
    if (fulfilment === 'automatic') expect(isGivenAtOnce(item)).toBe(problem === undefined);
    else expect(isGivenAtOnce(item)).toBe(false);
  });

  it('counts the days of membership that an item gives', () => {
    const item = { exchange_type: 'privilege', reward_reference: 'membership', reward_value: 30 } as const;
    expect([membershipDaysOf(item), membershipDaysOf(item, 3)]).toEqual([30, 90]);
    expect(membershipDaysOf({ ...item, reward_reference: 'board' })).toBeNull();
    expect(membershipDaysOf({ ...item, exchange_type: 'coupon' })).toBeNull();
    for (const reward_value of [null, 0, membershipDaysAtMost + 1])
      expect(membershipDaysOf({ ...item, reward_value })).toBeNull();
  });
});
