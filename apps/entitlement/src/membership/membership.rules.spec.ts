import { describe, expect, it } from 'vitest';
import {
  decideMembership,
  membershipAt,
  refusalOf,
  rewardedMembership,
  type Grant,
  type MembershipPeriod,
} from './membership.rules.js';

const day = (number: number): Date => new Date(Date.UTC(2026, 2, number));
const now = day(10);

const states: Record<string, MembershipPeriod | null> = {
  none: null,
  trial: { kind: 'trial', plan: 'trial', startedAt: day(8), expiresAt: day(15) },
  formal: { kind: 'formal', plan: 'month', startedAt: day(1), expiresAt: day(31) },
  permanent: { kind: 'permanent', plan: 'permanent', startedAt: day(1), expiresAt: null },
  'expired trial': { kind: 'trial', plan: 'trial', startedAt: day(1), expiresAt: day(8) },
  'expired formal': { kind: 'formal', plan: 'week', startedAt: day(1), expiresAt: day(8) },
};

const actions: Record<string, Grant> = {
  'trial code': { kind: 'trial', plan: 'trial', days: 7, newMembersOnly: false },
  'month code': { kind: 'formal', plan: 'month', days: 30, newMembersOnly: false },
  'permanent code': { kind: 'formal', plan: 'permanent', days: null, newMembersOnly: false },
  "member's code": { kind: 'formal', plan: 'month', days: 30, newMembersOnly: true },
};

const active = 'membership.already_active';
const permanent = 'membership.already_permanent';
const newOnly = 'membership.new_members_only';

/** Every state with every code (U-02 to U-05): a refusal, or the new state and its end. A trial after a trial is the claims' to refuse. */
const table: [state: string, action: string, result: string][] = [
  ['none', 'trial code', 'trial until 2026-03-17'],
  ['none', 'month code', 'formal until 2026-04-09'],
  ['none', 'permanent code', 'permanent'],
  ['none', "member's code", 'formal until 2026-04-09'],
  ['trial', 'trial code', active],
  ['trial', 'month code', 'formal until 2026-04-14'],
  ['trial', 'permanent code', 'permanent'],
  ['trial', "member's code", newOnly],
  ['formal', 'trial code', active],
  ['formal', 'month code', 'formal until 2026-04-30'],
  ['formal', 'permanent code', 'permanent'],
  ['formal', "member's code", newOnly],
  ['permanent', 'trial code', active],
  ['permanent', 'month code', permanent],
  ['permanent', 'permanent code', permanent],
  ['permanent', "member's code", newOnly],
  ['expired trial', 'trial code', 'trial until 2026-03-17'],
  ['expired trial', 'month code', 'formal until 2026-04-09'],
  ['expired trial', 'permanent code', 'permanent'],
  ['expired trial', "member's code", newOnly],
  ['expired formal', 'trial code', 'trial until 2026-03-17'],
  ['expired formal', 'month code', 'formal until 2026-04-09'],
  ['expired formal', 'permanent code', 'permanent'],
  ['expired formal', "member's code", newOnly],
];

describe('the state table of memberships', () => {
  it('has every cell', () => {
    expect(table).toHaveLength(Object.keys(states).length * Object.keys(actions).length);
  });

  it.each(table)('%s with a %s: %s', (state, action, result) => {
    const current = states[state] ?? null;
    const grant = actions[action] as Grant;
    const refusal = refusalOf(current, grant, now);
    if (refusal) return expect(refusal).toBe(result);
    const { membership, period, renewal } = decideMembership(current, grant, now);
    const { state: after, expires_at } = membershipAt(membership, now);
    expect(expires_at === null ? after : `${after} until ${expires_at.slice(0, 10)}`).toBe(result);
    // U-04: the period begins where the old one ends, and never before now.
    const oldEnd = current?.expiresAt?.getTime() ?? 0;
    expect(period.startedAt.getTime()).toBe(Math.max(now.getTime(), oldEnd));
    expect(renewal).toBe(current !== null);
  });
});

describe('a membership (U-06)', () => {
  it('expires by the clock, to the millisecond', () => {
    const trial = states['trial'] as MembershipPeriod;
    expect(membershipAt(trial, new Date(day(15).getTime() - 1)).state).toBe('trial');
    expect(membershipAt(trial, day(15)).state).toBe('expired');
    expect(membershipAt(null, now)).toEqual({ state: 'none', plan: null, started_at: null, expires_at: null });
  });
});

describe("an inviter's reward (U-05)", () => {
  it.each([
    ['trial', 'trial', '2026-03-22'],
    ['formal', 'formal', '2026-04-07'],
    ['expired trial', 'formal', '2026-03-17'],
    ['expired formal', 'formal', '2026-03-17'],
  ])('for %s is seven days: %s until %s', (state, kind, until) => {
    const rewarded = rewardedMembership(states[state] as MembershipPeriod, 7, now);
    expect(rewarded?.membership.kind).toBe(kind);
    expect(rewarded?.membership.expiresAt?.toISOString().slice(0, 10)).toBe(until);
  });

  it('begins a period of its own after the end, not one of the plan that has ended', () => {
    const plans = ['trial', 'formal', 'expired trial', 'expired formal'].map(
      (state) => rewardedMembership(states[state] as MembershipPeriod, 7, now)?.membership.plan,
    );
    expect(plans).toEqual(['trial', 'month', 'custom_7', 'custom_7']);
  });

  it('stops where a membership may not end later', () => {
    const full = { kind: 'formal', plan: 'year', startedAt: day(1), expiresAt: day(10 + 36_525) } as const;
    expect(rewardedMembership(full, 1, now)).toBeNull();
    expect(refusalOf(full, { kind: 'formal', plan: 'custom_1', days: 1, newMembersOnly: false }, now)).toBe(
      'membership.ends_too_late',
    );
    const roomy = { ...full, expiresAt: day(9 + 36_525) };
    expect(rewardedMembership(roomy, 1, now)?.membership.expiresAt).toEqual(full.expiresAt);
    expect(refusalOf(full, actions['permanent code'] as Grant, now)).toBeNull();
  });

  it('does not shorten a permanent membership', () => {
    expect(rewardedMembership(states['permanent'] as MembershipPeriod, 7, now)).toBeNull();
  });
});
