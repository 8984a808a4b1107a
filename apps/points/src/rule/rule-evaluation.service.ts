import { Injectable } from '@nestjs/common';
import type { RuleOutcome } from '#contracts';
import { placeholders, sqlTime, type SqlRow, type Tx } from '#database';
import type { CommandContext } from '#messaging';
import { InjectSettings } from '#service';
import { communityDay } from '#calendar';
import type { PointsSettings } from '../points.env.js';
import { timeFactsOf } from './rule-clock.rules.js';
import { RuleMetrics } from './rule.metrics.js';
import { RuleRewardService } from './rule-reward.service.js';
import type { Facts } from './rule-condition.rules.js';
import { judgeEvent, type RulePlan } from './rule.rules.js';
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
  readonly plan: RulePlan;
}

interface Asked {
  readonly event: HeardEvent;
  readonly rule: ActiveRule;
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
    const { COMMUNITY_TIMEZONE: timezone } = this.settings;
    const events = heard.map((event) => ({
      ...event,
      facts: { ...event.facts, ...timeFactsOf(event.occurredAt, timezone) },
    }));
    const rulesOn = await areRulesOn(tx);
    await writeLog(tx, events, rulesOn);
    this.metrics.heard(tx, events.length);
    if (!rulesOn) return;
    const known = await knownOutcomes(tx, events);
    const asked = questions(events, await activeRules(tx)).filter(
      ({ event, rule }) => !known.has(outcomeKey(event.eventId, rule.row.id)),
    );
    const outcomes: SqlRow[] = [];
    for (const questions of bySameMember(asked)) outcomes.push(...(await this.settle(questions, tx)));
    if (outcomes.length > 0) await tx.insert('rule_outcomes', outcomes);
  }

  /** What one rule says of one member's events; those that it rewards are given together. */
  private async settle(questions: readonly Asked[], tx: Tx): Promise<SqlRow[]> {
    const [first] = questions;
    if (!first) return [];
    const { row, plan } = first.rule;
    const wanted = questions.flatMap(({ event, judged }) => {
      const day = communityDay(event.occurredAt, this.settings.COMMUNITY_TIMEZONE);
      return typeof judged === 'number' ? [{ event, day, points: judged }] : [];
    });
    const rewards = { row, plan, userId: first.event.userId, wanted };
    const given = wanted.length === 0 ? new Map<string, RuleOutcome>() : await this.rewards.reward(rewards, tx);
    return questions.map(({ event, judged }) => {
      const outcome = typeof judged === 'number' ? given.get(event.eventId) : judged;
      if (outcome === undefined) throw new Error('a reward was neither given nor refused');
      const points = outcome === 'rewarded' ? Number(judged) : 0;
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
  }
}

/** In one order for everybody, so that two batches at once do not wait for each other: by rule, member, time. */
function questions(events: readonly HeardEvent[], rules: readonly ActiveRule[]): Asked[] {
  return events
    .flatMap((event) =>
      rules
        .filter(({ row }) => row.event_type === event.eventType)
        .map((rule) => ({ event, rule, judged: judgeEvent(rule.plan, event.facts, event.occurredAt) })),
    )
    .sort(
      (left, right) =>
        left.rule.row.id - right.rule.row.id ||
        left.event.userId - right.event.userId ||
        left.event.occurredAt.getTime() - right.event.occurredAt.getTime(),
    );
}

/** Neighbours of one rule and one member, in their order. */
function bySameMember(asked: readonly Asked[]): Asked[][] {
  const groups: Asked[][] = [];
  for (const question of asked) {
    const group = groups.at(-1);
    const last = group?.at(-1);
    const isSame = last?.rule.row.id === question.rule.row.id && last.event.userId === question.event.userId;
    if (group && isSame) group.push(question);
    else groups.push([question]);
  }
  return groups;
}

async function areRulesOn(tx: Tx): Promise<boolean> {
  const row = await tx.one<{ is_on: number }>('SELECT is_on FROM rule_switch WHERE id = 1');
  return row?.is_on === 1;
}

async function activeRules(tx: Tx): Promise<ActiveRule[]> {
  const rows = await findRules(tx, 'r.enabled = 1', []);
  return rows.map((row) => ({ row, plan: planOf(draftOf(row)) }));
}

function outcomeKey(eventId: string, ruleId: number): string {
  return `${eventId}:${ruleId}`;
}

/** What a copy of an event, heard after the inbox has forgotten the first, must not be asked again. */
async function knownOutcomes(tx: Tx, events: readonly HeardEvent[]): Promise<Set<string>> {
  const ids = events.map(({ eventId }) => eventId);
  const rows = await tx.query<{ event_id: string; rule_id: number }>(
    `SELECT event_id, rule_id FROM rule_outcomes WHERE event_id IN (${placeholders(ids.length)})`,
    ids,
  );
  return new Set(rows.map(({ event_id, rule_id }) => outcomeKey(event_id, rule_id)));
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
