import { Injectable } from '@nestjs/common';
import type { LocalizedText, RuleOutcome } from '#contracts';
import { placeholders, sqlTime, type SqlRow, type Tx } from '#database';
import type { CommandContext } from '#messaging';
import { InjectSettings, withoutErased } from '#service';
import { communityDay } from '#calendar';
import type { PointsSettings } from '../points.env.js';
import { timeFactsOf } from './rule-clock.rules.js';
import { RuleMetrics } from './rule.metrics.js';
import { RuleCounters, type CounterPlace } from './rule-counter.store.js';
import { RuleRewardService, type RuleReward } from './rule-reward.service.js';
import type { Facts } from './rule-condition.rules.js';
import { judgeEvent, type RulePlan } from './rule.rules.js';
import { readSwitch } from './rule-switch.store.js';
import { draftOf, findRules, planOf, type RuleRow } from './rule.store.js';

/** An event that some rule might name. */
export interface HeardEvent {
  readonly eventId: string;
  readonly eventType: string;
  readonly userId: number;
  readonly occurredAt: Date;
  readonly facts: Facts;
  readonly context: CommandContext;
}

/** A rule that is on, ready to be asked. */
interface ActiveRule {
  readonly row: RuleRow;
  readonly title: LocalizedText;
  readonly plan: RulePlan;
}

/** What a rule says about an event before its limits are asked. */
interface Question {
  readonly event: HeardEvent;
  /** Points, if the limits allow them, or why there are none. */
  readonly judged: number | RuleOutcome;
}

/**
 * Asks the rules that are on about the events of a batch (P-06), in the batch's transaction: the events are written into the
 * log of the last days, rewards are posted, and every outcome is kept for who wants to know why.
 */
@Injectable()
export class RuleEvaluationService {
  constructor(
    private readonly rewards: RuleRewardService,
    private readonly metrics: RuleMetrics,
    @InjectSettings() private readonly settings: PointsSettings,
  ) {}

  async evaluate(heard: readonly HeardEvent[], tx: Tx): Promise<void> {
    const told = await withoutErased(tx, heard, ({ userId }) => userId);
    if (told.length === 0) return;
    const rulesOn = (await readSwitch(tx)).is_on === 1;
    const known = rulesOn ? await knownEvents(tx, told) : new Set<string>();
    const events = told
      .filter(({ eventId }) => !known.has(eventId))
      .map((event) => ({
        ...event,
        facts: { ...event.facts, ...timeFactsOf(event.occurredAt, this.settings.COMMUNITY_TIMEZONE) },
      }))
      .sort(byTime);
    if (events.length === 0) return;
    await writeLog(tx, events, rulesOn);
    this.metrics.heard(tx, events.length);
    if (!rulesOn) return;
    const outcomes: SqlRow[] = [];
    const rewards: RuleReward[] = [];
    // In the order of their ids, and all of them before any account is locked: two batches at once wait, and never for each other.
    for (const rule of await activeRules(tx)) {
      const questions = events
        .filter(({ eventType }) => eventType === rule.row.event_type)
        .map((event): Question => ({ event, judged: judgeEvent(rule.plan, event.facts, event.occurredAt) }));
      const settled = await this.settle(rule, questions, tx);
      outcomes.push(...settled.outcomes);
      rewards.push(...settled.rewards);
    }
    await this.rewards.give(rewards);
    if (outcomes.length > 0) await tx.insert('rule_outcomes', outcomes);
  }

  /** What one rule says of its events. They come in the order of time: a budget is for who was first. */
  private async settle(
    { row, title, plan }: ActiveRule,
    questions: readonly Question[],
    tx: Tx,
  ): Promise<{ outcomes: SqlRow[]; rewards: RuleReward[] }> {
    const placeOf = ({ userId, occurredAt }: HeardEvent): CounterPlace => ({
      userId,
      day: communityDay(occurredAt, this.settings.COMMUNITY_TIMEZONE),
    });
    const places = questions.filter(({ judged }) => typeof judged === 'number').map(({ event }) => placeOf(event));
    const counters = await RuleCounters.lock(tx, row.id, places);
    const rewards: RuleReward[] = [];
    const outcomes = questions.map(({ event, judged }) => {
      const outcome = typeof judged === 'number' ? counters.count(plan, placeOf(event), judged) : judged;
      const points = outcome === 'rewarded' ? Number(judged) : 0;
      if (points > 0) rewards.push({ row, title, event, points });
      this.metrics.evaluated(tx, row.id, outcome, points);
      return {
        event_id: event.eventId,
        rule_id: row.id,
        version: row.version,
        user_id: event.userId,
        outcome,
        points,
        occurred_at: sqlTime(event.occurredAt),
      };
    });
    await counters.write(tx);
    return { outcomes, rewards };
  }
}

/** The order in which a dry run looks at the same events. */
function byTime(left: HeardEvent, right: HeardEvent): number {
  return left.occurredAt.getTime() - right.occurredAt.getTime() || (left.eventId < right.eventId ? -1 : 1);
}

async function activeRules(tx: Tx): Promise<ActiveRule[]> {
  const rows = await findRules(tx, 'r.enabled = 1', []);
  return rows.map((row) => {
    const draft = draftOf(row);
    return { row, title: draft.title, plan: planOf(draft) };
  });
}

/**
 * An event is asked about once, when it is first heard. A copy that comes after the inbox has forgotten the first one is in the
 * log, or was rewarded: rules that are younger, or were stopped then, do not reach back to it.
 */
async function knownEvents(tx: Tx, events: readonly HeardEvent[]): Promise<Set<string>> {
  const ids = events.map(({ eventId }) => eventId);
  const marks = placeholders(ids.length);
  const rows = await tx.query<{ event_id: string }>(
    `SELECT event_id FROM rule_events WHERE event_id IN (${marks})
     UNION ALL SELECT event_id FROM rule_outcomes WHERE event_id IN (${marks})`,
    [...ids, ...ids],
  );
  return new Set(rows.map(({ event_id }) => event_id));
}

async function writeLog(tx: Tx, events: readonly HeardEvent[], rulesOn: boolean): Promise<void> {
  const rows = events.map((event) => ({
    event_id: event.eventId,
    event_type: event.eventType,
    user_id: event.userId,
    occurred_at: sqlTime(event.occurredAt),
    facts: JSON.stringify(event.facts),
    rules_on: Number(rulesOn),
  }));
  await tx.upsert('rule_events', rows, { conflict: ['event_id'] });
}
