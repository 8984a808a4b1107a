import type { RuleDraft, RuleOutcome } from '#contracts';
import {
  conditionHolds,
  conditionProblems,
  type Condition,
  type FactFields,
  type Facts,
  type Problem,
} from './rule-condition.rules.js';
import { satisfiabilityOf } from './rule-contradiction.rules.js';

/** What a rule says, on plain values; its condition was checked when it was saved. */
export interface RulePlan {
  readonly condition: Condition | null;
  readonly points: number;
  readonly percentField: string | null;
  readonly percent: number | null;
  readonly dailyLimit: number | null;
  readonly totalLimit: number | null;
  readonly dailyBudget: number | null;
  readonly totalBudget: number | null;
  readonly startsAt: Date | null;
  readonly endsAt: Date | null;
}

/** Everything that is wrong with a draft (P-06): empty when it can be saved. `fields` are undefined for an unknown event. */
export function draftProblems(draft: RuleDraft, fields: FactFields | undefined): Problem[] {
  if (!fields) return [{ path: 'event_type', problem: 'unknown_event' }];
  return [
    ...draftConditionProblems(draft.condition, fields),
    ...percentProblems(draft, fields),
    ...limitProblems(draft),
    ...(draft.starts_at !== null && draft.ends_at !== null && draft.ends_at <= draft.starts_at
      ? [{ path: 'ends_at', problem: 'before_start' }]
      : []),
  ];
}

function draftConditionProblems(condition: Condition | null, fields: FactFields): Problem[] {
  if (condition === null) return [];
  const problems = conditionProblems(condition, fields);
  if (problems.length > 0) return problems;
  switch (satisfiabilityOf(condition, fields)) {
    case 'never':
      return [{ path: 'condition', problem: 'contradictory' }];
    case 'always':
      return [{ path: 'condition', problem: 'always_true' }];
    case 'too_complicated':
      return [{ path: 'condition', problem: 'too_complicated' }];
    case 'sometimes':
      return [];
  }
}

function percentProblems({ percent_field: field, percent }: RuleDraft, fields: FactFields): Problem[] {
  if ((field === null) !== (percent === null)) return [{ path: 'percent', problem: 'field_and_percent' }];
  if (field === null) return [];
  const known = Object.hasOwn(fields, field) ? fields[field] : undefined;
  return known?.type === 'number' ? [] : [{ path: 'percent_field', problem: 'unknown_field' }];
}

/** A rule that nothing bounds would give points without end. */
function limitProblems(draft: RuleDraft): Problem[] {
  const { points, percent, daily_limit, total_limit, daily_budget, total_budget } = draft;
  const problems: Problem[] = [];
  if ((daily_limit ?? total_limit ?? daily_budget ?? total_budget) === null)
    problems.push({ path: 'daily_limit', problem: 'unbounded' });
  if (daily_limit !== null && total_limit !== null && daily_limit > total_limit)
    problems.push({ path: 'daily_limit', problem: 'above_total_limit' });
  if (daily_budget !== null && total_budget !== null && daily_budget > total_budget)
    problems.push({ path: 'daily_budget', problem: 'above_total_budget' });
  for (const [path, budget] of [
    ['daily_budget', daily_budget],
    ['total_budget', total_budget],
  ] as const)
    if (budget !== null && percent === null && budget < points) problems.push({ path, problem: 'below_points' });
  return problems;
}

/** What an event is worth by a rule before its limits are asked: points, or why there are none. */
export function judgeEvent(rule: RulePlan, facts: Facts, occurredAt: Date): number | RuleOutcome {
  if (rule.startsAt && occurredAt < rule.startsAt) return 'outside_window';
  if (rule.endsAt && occurredAt >= rule.endsAt) return 'outside_window';
  if (!conditionHolds(rule.condition, facts)) return 'condition_false';
  if (rule.percentField === null || rule.percent === null) return rule.points;
  const share = Math.floor((Number(facts[rule.percentField]) * rule.percent) / 100);
  return share > 0 ? Math.min(rule.points, share) : 'nothing_to_give';
}

/** What a rule has given so far. */
export interface Given {
  /** Rewards of this member on the event's day, and ever. */
  readonly memberToday: number;
  readonly memberEver: number;
  /** Points of all members on the event's day, and ever. */
  readonly pointsToday: number;
  readonly pointsEver: number;
}

/** Whether the rule may still give these points; a budget is never used in part of a reward. */
export function judgeLimits(rule: RulePlan, points: number, given: Given): RuleOutcome {
  if (rule.totalLimit !== null && given.memberEver >= rule.totalLimit) return 'total_limit';
  if (rule.dailyLimit !== null && given.memberToday >= rule.dailyLimit) return 'daily_limit';
  if (rule.totalBudget !== null && given.pointsEver + points > rule.totalBudget) return 'total_budget';
  if (rule.dailyBudget !== null && given.pointsToday + points > rule.dailyBudget) return 'daily_budget';
  return 'rewarded';
}
