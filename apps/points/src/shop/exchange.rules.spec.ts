import { describe, expect, it } from 'vitest';
import { membershipDaysAtMost } from '#contracts';
import { leftFor, periodKey, problemOfItem, refusalToSell, statusOf } from './exchange.rules.js';

const now = new Date('2026-03-04T12:00:00.000Z');
const at = (offsetMs: number) => new Date(now.getTime() + offsetMs);
const shelf = { enabled: true, isRemoved: false, startsAt: null, endsAt: null, stock: null };
const nothing = { total: 0, periodKey: '', inPeriod: 0 };
const noLimits = { total: null, perPeriod: null };

describe('items of the shop (P-07)', () => {
  it.each([
    [{}, 'active'],
    [{ stock: 0 }, 'out_of_stock'],
    [{ stock: 1 }, 'active'],
    [{ enabled: false, stock: 0 }, 'inactive'],
    [{ isRemoved: true, enabled: false }, 'removed'],
    [{ startsAt: at(1) }, 'scheduled'],
    [{ startsAt: at(0) }, 'active'],
    [{ endsAt: at(1) }, 'active'],
    [{ endsAt: at(0) }, 'ended'],
  ])('%j is %s', (changes, expected) => {
    expect(statusOf({ ...shelf, ...changes }, now)).toBe(expected);
  });

  it.each([
    ['day', '2026-03-01', 'day:2026-03-01'],
    ['week', '2026-03-01', 'week:2026-02-23'],
    ['week', '2026-03-02', 'week:2026-03-02'],
    ['week', '2026-03-08', 'week:2026-03-02'],
    ['week', '2027-01-01', 'week:2026-12-28'],
    ['month', '2026-12-31', 'month:2026-12'],
    [null, '2026-12-31', ''],
  ] as const)('the %s of %s is %s', (period, day, expected) => {
    expect(periodKey(period, day)).toBe(expected);
  });

  it.each([
    [noLimits, nothing, null, null],
    [noLimits, nothing, 4, 4],
    [{ total: 3, perPeriod: null }, { ...nothing, total: 1 }, 4, 2],
    [{ total: 3, perPeriod: 1 }, { total: 1, periodKey: 'p', inPeriod: 1 }, null, 0],
    [{ total: 3, perPeriod: 1 }, { total: 1, periodKey: 'older', inPeriod: 1 }, null, 1],
    [{ total: 1, perPeriod: null }, { ...nothing, total: 2 }, null, 0],
  ])('limits %j after %j with stock %j leave %j', (limits, bought, stock, expected) => {
    expect(leftFor(limits, bought, 'p', stock)).toBe(expected);
  });

  const offer = {
    status: 'active',
    pointsRequired: 10,
    stock: 2,
    limits: { total: 2, perPeriod: 1 },
    membershipDays: null,
  } as const;
  it.each([
    [{}, 1, undefined, nothing, undefined],
    [{}, 1, 10, nothing, undefined],
    [{}, 1, 9, nothing, 'shop.price_changed'],
    [{ limits: noLimits }, 2, undefined, nothing, undefined],
    [{ limits: noLimits }, 3, undefined, nothing, 'shop.out_of_stock'],
    [{ status: 'out_of_stock', stock: 0 }, 1, undefined, nothing, 'shop.out_of_stock'],
    [{ status: 'ended' }, 1, undefined, nothing, 'shop.item_not_available'],
    [{}, 1, undefined, { total: 2, periodKey: '', inPeriod: 0 }, 'shop.limit_reached'],
    [{}, 1, undefined, { total: 1, periodKey: 'p', inPeriod: 1 }, 'shop.period_limit_reached'],
    [{}, 1, undefined, { total: 1, periodKey: 'older', inPeriod: 1 }, undefined],
    [{ membershipDays: membershipDaysAtMost, limits: noLimits }, 1, undefined, nothing, undefined],
    [{ membershipDays: membershipDaysAtMost / 2, limits: noLimits }, 2, undefined, nothing, undefined],
    [{ membershipDays: membershipDaysAtMost / 2 + 1, limits: noLimits }, 2, undefined, nothing, 'shop.too_many_days'],
  ] as const)('%j, %i of them, seen at %s, after %j: %s', (changes, quantity, expectedPoints, bought, expected) => {
    const refusal = refusalToSell({ ...offer, ...changes }, { quantity, expectedPoints }, bought, 'p');
    expect(refusal?.errorName).toBe(expected);
  });

  it('names what does not fit together', () => {
    const item = {
      exchange_type: 'coupon',
      reward_reference: null,
      reward_value: null,
      fulfilment: 'automatic',
      limit_per_period: null,
      limit_period: null,
      starts_at: null,
      ends_at: null,
    } as const;
    expect(problemOfItem(item)).toBeNull();
    expect(problemOfItem({ ...item, limit_per_period: 1 })?.code).toBe('limit_and_period_together');
    expect(problemOfItem({ ...item, limit_period: 'day' })?.code).toBe('limit_and_period_together');
    expect(problemOfItem({ ...item, exchange_type: 'product' })?.code).toBe('products_are_manual');
    expect(problemOfItem({ ...item, starts_at: now, ends_at: now })?.code).toBe('ends_before_it_starts');
    expect(problemOfItem({ ...item, starts_at: now, ends_at: at(1) })).toBeNull();
  });
});
