import { Injectable } from '@nestjs/common';
import { RuleRewarded, type LocalizedText, type RuleOutcome } from '#contracts';
import type { Tx } from '#database';
import { LedgerService } from '../ledger/ledger.service.js';
import type { HeardEvent } from './rule-evaluation.service.js';
import { judgeLimits, type Given, type RulePlan } from './rule.rules.js';
import type { RuleRow } from './rule.store.js';

export interface Reward {
  readonly event: HeardEvent;
  readonly row: RuleRow;
  readonly plan: RulePlan;
  /** The community's day of the event. */
  readonly day: string;
  readonly points: number;
}

const everybody = 0;
const ever = 'all';

/** Gives what a rule promises as far as its limits allow (P-06). They are exact: the counters are locked before they are read. */
@Injectable()
export class RuleRewardService {
  constructor(private readonly ledger: LedgerService) {}

  async reward({ event, row, plan, day, points }: Reward): Promise<RuleOutcome> {
    const { context, userId } = event;
    const { tx } = context;
    const outcome = judgeLimits(plan, points, await lockCounters(tx, row.id, userId, day));
    if (outcome !== 'rewarded') return outcome;
    await tx.execute(
      `UPDATE rule_counters SET rewards = rewards + 1, points = points + ?
       WHERE rule_id = ? AND user_id IN (?, ?) AND day IN (?, ?)`,
      [points, row.id, everybody, userId, ever, day],
    );
    const title = JSON.parse(row.title) as LocalizedText;
    const account = await this.ledger.lockAccount(context, userId);
    const { balance } = await this.ledger.post(context, account, [
      { type: 'rule_reward', points, description: title.zh, key: `rule:${row.id}:${event.eventId}` },
    ]);
    const fact = { rule_id: row.id, version: row.version, event_id: event.eventId, event_type: event.eventType };
    context.emit(
      RuleRewarded,
      { ...fact, user_id: userId, title, points, balance },
      { user_id: userId, before: { balance: account.balance }, after: { ...fact, points, balance } },
    );
    return outcome;
  }
}

/** What the rule has given, each row locked: the rule's own first, then the member's. */
async function lockCounters(tx: Tx, ruleId: number, userId: number, day: string): Promise<Given> {
  const places = [
    { user_id: everybody, day: ever },
    { user_id: everybody, day },
    { user_id: userId, day: ever },
    { user_id: userId, day },
  ];
  const rows = places.map((place) => ({ rule_id: ruleId, ...place, rewards: 0, points: 0 }));
  await tx.upsert('rule_counters', rows, { conflict: ['rule_id', 'user_id', 'day'] });
  const found = await tx.query<{ user_id: number; day: string; rewards: number; points: number }>(
    `SELECT user_id, day, rewards, points FROM rule_counters
     WHERE rule_id = ? AND user_id IN (?, ?) AND day IN (?, ?)${tx.lock}`,
    [ruleId, everybody, userId, ever, day],
  );
  const at = (user: number, when: string) => found.find((row) => row.user_id === user && row.day === when);
  return {
    memberToday: at(userId, day)?.rewards ?? 0,
    memberEver: at(userId, ever)?.rewards ?? 0,
    pointsToday: at(everybody, day)?.points ?? 0,
    pointsEver: at(everybody, ever)?.points ?? 0,
  };
}
