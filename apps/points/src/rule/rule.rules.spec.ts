import { describe, expect, it } from 'vitest';
import { allContracts, BalanceChanged, CreateRule, RuleRewarded, type RuleDraft } from '#contracts';
import { findRuleEventType, ruleEventTypes } from './rule-event.data.js';
import { timeFactsOf } from './rule-clock.rules.js';
import { draftProblems, judgeEvent, judgeLimits } from './rule.rules.js';
import { planOf } from './rule.store.js';
import { shippedRules } from './shipped-rules.data.js';

const draft: RuleDraft = CreateRule.input.parse({
  title: { zh: '签到', en: 'Check-in', ru: 'Отметка' },
  event_type: 'points.checked_in.v1',
  condition: { '>=': [{ var: 'streak_days' }, 7] },
  points: 20,
  daily_limit: 1,
});
const fields = findRuleEventType(draft.event_type)?.fields;
const noon = new Date('2026-05-01T12:00:00Z');

describe('a draft (P-06)', () => {
  it.each<[string, Partial<RuleDraft>, string[]]>([
    ['is fine', {}, []],
    ['needs no condition', { condition: null }, []],
    ['gives without end', { daily_limit: null }, ['daily_limit:unbounded']],
    ['is bounded by a budget alone', { daily_limit: null, daily_budget: 20 }, []],
    ['has a budget below one reward', { daily_budget: 19 }, ['daily_budget:below_points']],
    ['allows more on a day than ever', { daily_limit: 2, total_limit: 1 }, ['daily_limit:above_total_limit']],
    ['spends more on a day than ever', { daily_budget: 50, total_budget: 40 }, ['daily_budget:above_total_budget']],
    [
      'ends before it starts',
      { starts_at: '2026-05-02T00:00:00Z', ends_at: '2026-05-01T00:00:00Z' },
      ['ends_at:before_start'],
    ],
    ['gives a part of nothing', { percent: 10 }, ['percent:field_and_percent']],
    ['gives a part of a word', { percent: 10, percent_field: 'channel' }, ['percent_field:unknown_field']],
    ['contradicts itself', { condition: { '<': [{ var: 'streak_days' }, 1] } }, ['condition:contradictory']],
    ['asks nothing', { condition: { '>=': [{ var: 'streak_days' }, 1] } }, ['condition:always_true']],
  ])('that %s', (_what, change, expected) => {
    const problems = draftProblems({ ...draft, ...change }, fields);
    expect(problems.map(({ path, problem }) => `${path}:${problem}`)).toEqual(expected);
  });

  it('on an event that is none is refused', () => {
    expect(draftProblems(draft, undefined)).toEqual([{ path: 'event_type', problem: 'unknown_event' }]);
  });

  it.each(shippedRules.map((rule) => [rule.key, rule] as const))('ships %s, which can be switched on', (_key, rule) => {
    const shipped = CreateRule.input.parse({
      title: rule.title,
      event_type: rule.eventType,
      condition: rule.condition ?? null,
      points: rule.points,
      percent_field: rule.percentField ?? null,
      percent: rule.percent ?? null,
      daily_limit: rule.dailyLimit ?? null,
      total_limit: rule.totalLimit ?? null,
    });
    expect(draftProblems(shipped, findRuleEventType(rule.eventType)?.fields)).toEqual([]);
  });
});

describe('what is shipped (P-06)', () => {
  it('has the figures of the member module', () => {
    const figures = shippedRules.map(({ key, eventType, points, percent, dailyLimit, totalLimit }) => [
      key,
      eventType.split('.')[1],
      percent ? `${percent} %` : points,
      totalLimit ? `${totalLimit} ever` : `${dailyLimit} a day`,
    ]);
    expect(figures).toEqual([
      ['registration', 'membership_started', 100, '1 ever'],
      ['email_bound', 'email_bound', 50, '1 ever'],
      ['first_purchase', 'business_event_reported', 200, '1 ever'],
      ['daily_check_in', 'checked_in', 5, '1 a day'],
      ['daily_check_in_streak', 'checked_in', 20, '1 a day'],
      ['order_completed', 'business_event_reported', '1 %', '20 a day'],
      ['product_reviewed', 'business_event_reported', 10, '5 a day'],
      ['product_reviewed_at_length', 'business_event_reported', 50, '5 a day'],
      ['product_shared', 'business_event_reported', 5, '5 a day'],
      ['friend_invited', 'invitation_succeeded', 500, '10 a day'],
      ['profile_completed', 'profile_completed', 50, '1 ever'],
    ]);
  });

  it.each([
    ['first_purchase', { kind: 'first_purchase', amount: 1 }, 200],
    ['order_completed', { kind: 'order_completed', amount: 19_900 }, 199],
    ['order_completed', { kind: 'order_completed', amount: 99 }, 'nothing_to_give'],
    ['order_completed', { kind: 'first_purchase', amount: 19_900 }, 'condition_false'],
    ['product_reviewed', { kind: 'product_reviewed', amount: 99 }, 10],
    ['product_reviewed', { kind: 'product_reviewed', amount: 100 }, 'condition_false'],
    ['product_reviewed_at_length', { kind: 'product_reviewed', amount: 100 }, 50],
    ['registration', { kind: 'trial', plan: 'trial', renewal: true }, 'condition_false'],
    ['daily_check_in', { streak_days: 6 }, 5],
    ['daily_check_in', { streak_days: 7 }, 'condition_false'],
    ['daily_check_in_streak', { streak_days: 7 }, 20],
  ] as const)('gives by %s for %o: %s', (key, facts, expected) => {
    const rule = shippedRules.find((shipped) => shipped.key === key);
    const plan = planOf({
      ...draft,
      condition: rule?.condition ?? null,
      points: rule?.points ?? 0,
      percent_field: rule?.percentField ?? null,
      percent: rule?.percent ?? null,
    });
    expect(judgeEvent(plan, facts, noon)).toBe(expected);
  });
});

describe('an event (P-06)', () => {
  it('is worth what the rule says, within its window', () => {
    const plan = planOf({ ...draft, starts_at: noon.toISOString(), ends_at: '2026-05-02T12:00:00.000Z' });
    expect(judgeEvent(plan, { streak_days: 7 }, noon)).toBe(20);
    expect(judgeEvent(plan, { streak_days: 6 }, noon)).toBe('condition_false');
    expect(judgeEvent(plan, { streak_days: 7 }, new Date(noon.getTime() - 1))).toBe('outside_window');
    expect(judgeEvent(plan, { streak_days: 7 }, new Date('2026-05-02T12:00:00Z'))).toBe('outside_window');
  });

  it('is worth a share, at most the points of the rule, and nothing when the share is none', () => {
    const plan = planOf({ ...draft, condition: null, percent_field: 'amount', percent: 1, points: 100 });
    expect([0, 99, 100, 5_050, 10_000, 99_999].map((amount) => judgeEvent(plan, { amount }, noon))).toEqual([
      'nothing_to_give',
      'nothing_to_give',
      1,
      50,
      100,
      100,
    ]);
  });

  it('is rewarded up to each limit, and by no part of a reward beyond it', () => {
    const plan = planOf({ ...draft, daily_limit: 2, total_limit: 5, daily_budget: 100, total_budget: 1000 });
    const none = { memberToday: 0, memberEver: 0, pointsToday: 0, pointsEver: 0 };
    expect(judgeLimits(plan, 20, none)).toBe('rewarded');
    expect(judgeLimits(plan, 20, { ...none, memberToday: 1, memberEver: 4, pointsToday: 80, pointsEver: 980 })).toBe(
      'rewarded',
    );
    expect(judgeLimits(plan, 20, { ...none, memberToday: 2 })).toBe('daily_limit');
    expect(judgeLimits(plan, 20, { ...none, memberEver: 5 })).toBe('total_limit');
    expect(judgeLimits(plan, 20, { ...none, pointsToday: 81 })).toBe('daily_budget');
    expect(judgeLimits(plan, 20, { ...none, pointsEver: 981 })).toBe('total_budget');
  });

  it('is asked about the hour and the day of the community', () => {
    expect(timeFactsOf(new Date('2026-05-03T16:30:00Z'), 'Asia/Shanghai')).toEqual({ hour: 0, weekday: 1 });
    expect(timeFactsOf(new Date('2026-05-03T15:59:00Z'), 'Asia/Shanghai')).toEqual({ hour: 23, weekday: 7 });
  });

  it('is never one that a reward causes, so that no rule triggers itself', () => {
    const names = ruleEventTypes.map(({ contract }) => contract.name);
    expect(names).not.toContain(BalanceChanged.name);
    expect(names).not.toContain(RuleRewarded.name);
    expect(names.every((name) => allContracts.has(name))).toBe(true);
  });
});
