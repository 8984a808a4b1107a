import { describe, expect, it } from 'vitest';
import { membershipDaysAtMost } from '#contracts';
import type { MembershipPeriod } from '../membership/membership.rules.js';
import {
  decideOrder,
  isForMembership,
  orderedDays,
  refusalOfStanding,
  takeBack,
  wholeDays,
  type GivenDays,
} from './membership-order.rules.js';

const dayMs = 86_400_000;
const now = new Date('2031-05-04T03:00:00.000Z');
const inDays = (days: number): Date => new Date(now.getTime() + days * dayMs);
const until = (days: number | null, kind: MembershipPeriod['kind'] = 'formal'): MembershipPeriod => ({
  kind: days === null ? 'permanent' : kind,
  plan: 'month',
  startedAt: inDays(-10),
  expiresAt: days === null ? null : inDays(days),
});
const item = { exchange_type: 'privilege', reward_reference: 'membership', reward_value: 30, quantity: 1 };

describe('membership days for points (P-07)', () => {
  it('are what a privilege says that names the membership', () => {
    expect(isForMembership(item)).toBe(true);
    expect(isForMembership({ ...item, reward_reference: 'national_board' })).toBe(false);
    expect(isForMembership({ ...item, reward_reference: null })).toBe(false);
    expect(isForMembership({ ...item, exchange_type: 'coupon' })).toBe(false);
  });

  it.each([
    [1, 1, 1],
    [30, 3, 90],
    [membershipDaysAtMost, 1, membershipDaysAtMost],
    [membershipDaysAtMost, 2, null],
    [membershipDaysAtMost + 1, 1, null],
    [0, 5, null],
    [-1, 1, null],
    [30, 0, null],
    [null, 1, null],
    [Number.MAX_SAFE_INTEGER, 99, null],
  ])('%s days, %i of them: %s', (reward_value, quantity, days) => {
    expect(orderedDays({ ...item, reward_value, quantity })).toBe(days);
  });

  it.each<[string, MembershipPeriod | null, number, boolean]>([
    ['nobody', null, 30, false],
    ['who has been one', until(-1), 30, true],
    ['whose membership ends now', until(0), 30, true],
    ['a member', until(5), 35, true],
    ['one on trial', until(5, 'trial'), 35, true],
  ])('prolong the membership of %s (U-04)', (_who, current, endsIn, renewal) => {
    const decision = decideOrder(current, item, now);
    expect(decision).toMatchObject({ refusal: null, days: 30 });
    if (decision.refusal !== null) return;
    expect(decision.decided).toMatchObject({ renewal, membership: { kind: 'formal', expiresAt: inDays(endsIn) } });
    expect(decision.prolongs).toBe(endsIn > 30 ? current : null);
  });

  it.each<[MembershipPeriod | null, Partial<typeof item>, string]>([
    [until(null), {}, 'already_permanent'],
    [until(36_525 - 29), {}, 'ends_too_late'],
    [until(3), { reward_value: 0 }, 'days_out_of_range'],
    [until(null), { quantity: 99, reward_value: 3_000 }, 'days_out_of_range'],
  ])('are refused: %j %j', (current, changes, refusal) => {
    expect(decideOrder(current, { ...item, ...changes }, now)).toEqual({ refusal });
  });

  it('may end as late as any membership may', () => {
    expect(decideOrder(until(36_525 - 30), item, now).refusal).toBeNull();
  });

  it('are for accounts that may do something', () => {
    const standings = ['active', 'banned', 'deletion_pending', 'erased'] as const;
    expect(standings.map(refusalOfStanding)).toEqual([null, 'banned', 'deletion_pending', 'unknown_member']);
  });
});

describe('membership days that are taken back (P-07)', () => {
  const given = (from: number, to: number, before: GivenDays['before'] = null): GivenDays => ({
    beginsMs: inDays(from).getTime(),
    endsMs: inDays(to).getTime(),
    before,
  });

  it.each<[string, number, GivenDays, number, number]>([
    ['all of them, before they begin', 40, given(10, 40), 10, 30],
    ['those that are left', 20, given(-10, 20), 0, 20],
    ['those that begin now', 30, given(0, 30), 0, 30],
    ['the last moment', 1, given(-29, 1), 0, 1],
    ['before what another grant has added behind them', 27, given(-10, 20), 7, 20],
    ['between what others have given', 50, given(10, 40), 20, 30],
  ])('are %s', (_what, endsIn, days, newEnd, taken) => {
    const result = takeBack(until(endsIn), days, now);
    expect(result?.membership.expiresAt).toEqual(inDays(newEnd));
    expect(result?.takenMs).toBe(taken * dayMs);
    expect(result?.membership.startedAt).toEqual(inDays(-10));
  });

  it.each<[string, MembershipPeriod | null, GivenDays]>([
    ['they are over', until(5), given(-31, -1)],
    ['they end this moment', until(5), given(-30, 0)],
    ['the membership is over', until(-1), given(-31, -1)],
    ['it has no end', until(null), given(0, 30)],
    ['there is none any more', null, given(0, 30)],
  ])('are none when %s', (_what, current, days) => {
    expect(takeBack(current, days, now)).toBeNull();
  });

  it.each([
    [0, 0],
    [1, 1],
    [dayMs, 1],
    [dayMs + 1, 2],
    [30 * dayMs - 5_000, 30],
  ])('are told as days: %i ms are %i', (durationMs, told) => {
    expect(wholeDays(durationMs)).toBe(told);
  });

  it('never end the membership before now, whatever the rows say', () => {
    expect(takeBack(until(5), given(0, 30), now)?.membership.expiresAt).toEqual(now);
  });

  it('leave what was prolonged as it was, unless something else came behind them', () => {
    const before = { kind: 'trial', plan: 'trial' } as const;
    expect(takeBack(until(35), given(5, 35, before), now)?.membership).toMatchObject(before);
    expect(takeBack(until(42), given(5, 35, before), now)?.membership).toMatchObject({ kind: 'formal', plan: 'month' });
    // The trial has passed into them: what ends now is no trial.
    expect(takeBack(until(35), given(-1, 35, before), now)?.membership).toMatchObject({ kind: 'formal' });
  });
});
