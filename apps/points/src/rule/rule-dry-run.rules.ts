import type { RuleOutcome } from '#contracts';
import type { Facts } from './rule-condition.rules.js';
import { judgeEvent, judgeLimits, type RulePlan } from './rule.rules.js';

/** An event of the log, on its day of the community. */
export interface PastEvent {
  readonly userId: number;
  readonly day: string;
  readonly occurredAt: Date;
  readonly facts: Facts;
}

interface Tally {
  rewards: number;
  points: number;
}

/** What a rule would have given, event by event in the order of time; it begins as if it had given nothing yet (P-06). */
export class DryRun {
  readonly outcomes = new Map<RuleOutcome, number>();
  readonly days = new Map<string, Tally>();
  readonly members = new Map<number, Tally>();
  readonly total: Tally = { rewards: 0, points: 0 };
  private readonly memberDays = new Map<string, number>();

  constructor(private readonly plan: RulePlan) {}

  take({ userId, day, occurredAt, facts }: PastEvent): void {
    const judged = judgeEvent(this.plan, facts, occurredAt);
    const memberDay = `${userId}:${day}`;
    const given = {
      memberToday: this.memberDays.get(memberDay) ?? 0,
      memberEver: this.members.get(userId)?.rewards ?? 0,
      pointsToday: this.days.get(day)?.points ?? 0,
      pointsEver: this.total.points,
    };
    const outcome = typeof judged === 'number' ? judgeLimits(this.plan, judged, given) : judged;
    this.outcomes.set(outcome, (this.outcomes.get(outcome) ?? 0) + 1);
    if (outcome !== 'rewarded') return;
    const points = Number(judged);
    this.memberDays.set(memberDay, given.memberToday + 1);
    add(this.days, day, points);
    add(this.members, userId, points);
    this.total.rewards += 1;
    this.total.points += points;
  }
}

function add<Key>(tallies: Map<Key, Tally>, key: Key, points: number): void {
  const tally = tallies.get(key) ?? { rewards: 0, points: 0 };
  tallies.set(key, { rewards: tally.rewards + 1, points: tally.points + points });
}
