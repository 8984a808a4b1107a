import { Injectable } from '@nestjs/common';
import { RuleRewarded, type LocalizedText, type RuleOutcome } from '#contracts';
import { placeholders, type Tx } from '#database';
import { LedgerService, type Posting } from '../ledger/ledger.service.js';
import type { HeardEvent } from './rule-evaluation.service.js';
import { judgeLimits, type RulePlan } from './rule.rules.js';
import type { RuleRow } from './rule.store.js';

/** What a rule promises one member for some events. */
export interface Rewards {
  readonly row: RuleRow;
  readonly plan: RulePlan;
  readonly userId: number;
  readonly wanted: readonly Reward[];
}

export interface Reward {
  readonly event: HeardEvent;
  /** The community's day of the event. */
  readonly day: string;
  readonly points: number;
}

const everybody = 0;
const ever = 'all';

/**
 * Gives what a rule promises as far as its limits allow (P-06). They are exact: the counters are locked before they are read.
 * What one member gets of one batch is one posting: however many events come for the same account, it is locked once.
 */
@Injectable()
export class RuleRewardService {
  constructor(private readonly ledger: LedgerService) {}

  /** The outcome of each, by its event. */
  async reward(rewards: Rewards, tx: Tx): Promise<Map<string, RuleOutcome>> {
    const { row, plan, userId, wanted } = rewards;
    const counters = await RuleCounters.lock(
      tx,
      row.id,
      userId,
      wanted.map(({ day }) => day),
    );
    const outcomes = new Map(
      wanted.map(({ event, day, points }) => [event.eventId, counters.count(plan, day, points)] as const),
    );
    await counters.write(tx);
    await this.post(
      rewards,
      wanted.filter(({ event }) => outcomes.get(event.eventId) === 'rewarded'),
    );
    return outcomes;
  }

  private async post({ row, userId }: Rewards, given: readonly Reward[]): Promise<void> {
    const [first] = given;
    if (!first) return;
    const title = JSON.parse(row.title) as LocalizedText;
    const account = await this.ledger.lockAccount(first.event.context, userId);
    const postings = given.map(({ event, points }): Posting => {
      const key = `rule:${row.id}:${event.eventId}`;
      return { type: 'rule_reward', points, description: title.zh, key };
    });
    await this.ledger.post(first.event.context, account, postings);
    let { balance } = account;
    for (const { event, points } of given) {
      const before = { balance };
      balance += points;
      const fact = { rule_id: row.id, version: row.version, event_id: event.eventId, event_type: event.eventType };
      event.context.emit(
        RuleRewarded,
        { ...fact, user_id: userId, title, points, balance },
        { user_id: userId, before, after: { ...fact, points, balance } },
      );
    }
  }
}

interface Counter {
  readonly rewards: number;
  readonly points: number;
}

/** What a rule has given so far and in this batch, to one member and to everybody, on some days and ever. */
class RuleCounters {
  private readonly added = new Map<string, Counter>();

  private constructor(
    private readonly ruleId: number,
    private readonly userId: number,
    private readonly known: ReadonlyMap<string, Counter>,
  ) {}

  /** Each row locked: those of everybody first. */
  static async lock(tx: Tx, ruleId: number, userId: number, days: readonly string[]): Promise<RuleCounters> {
    const whens = [ever, ...[...new Set(days)].sort()];
    const places = [everybody, userId].flatMap((user) => whens.map((day) => ({ user_id: user, day })));
    const rows = places.map((place) => ({ rule_id: ruleId, ...place, rewards: 0, points: 0 }));
    await tx.upsert('rule_counters', rows, { conflict: ['rule_id', 'user_id', 'day'] });
    const found = await tx.query<{ user_id: number; day: string; rewards: number; points: number }>(
      `SELECT user_id, day, rewards, points FROM rule_counters
       WHERE rule_id = ? AND user_id IN (?, ?) AND day IN (${placeholders(whens.length)})${tx.lock}`,
      [ruleId, everybody, userId, ...whens],
    );
    return new RuleCounters(ruleId, userId, new Map(found.map((row) => [placeOf(row.user_id, row.day), row])));
  }

  /** Judges one reward by all that was given before it, and counts it when it is given. */
  count(plan: RulePlan, day: string, points: number): RuleOutcome {
    const outcome = judgeLimits(plan, points, {
      memberToday: this.at(this.userId, day).rewards,
      memberEver: this.at(this.userId, ever).rewards,
      pointsToday: this.at(everybody, day).points,
      pointsEver: this.at(everybody, ever).points,
    });
    if (outcome !== 'rewarded') return outcome;
    for (const user of [everybody, this.userId]) {
      for (const when of [ever, day]) {
        const place = placeOf(user, when);
        const before = this.added.get(place) ?? { rewards: 0, points: 0 };
        this.added.set(place, { rewards: before.rewards + 1, points: before.points + points });
      }
    }
    return outcome;
  }

  async write(tx: Tx): Promise<void> {
    if (this.added.size === 0) return;
    const rows = [...this.added].map(([place, counter]) => ({ rule_id: this.ruleId, ...partsOf(place), ...counter }));
    await tx.upsert('rule_counters', rows, { conflict: ['rule_id', 'user_id', 'day'], add: ['rewards', 'points'] });
  }

  private at(user: number, day: string): Counter {
    const place = placeOf(user, day);
    const [known, added] = [this.known.get(place), this.added.get(place)];
    return {
      rewards: (known?.rewards ?? 0) + (added?.rewards ?? 0),
      points: (known?.points ?? 0) + (added?.points ?? 0),
    };
  }
}

function placeOf(user: number, day: string): string {
  return `${user} ${day}`;
}

function partsOf(place: string): { user_id: number; day: string } {
  const [user, day] = place.split(' ');
  return { user_id: Number(user), day: day ?? ever };
}
