import type { RuleOutcome } from '#contracts';
import { placeholders, type Tx } from '#database';
import { judgeLimits, type RulePlan } from './rule.rules.js';

/** A member and a day of the community on which a rule may give them something. */
export interface CounterPlace {
  readonly userId: number;
  readonly day: string;
}

interface Counter {
  readonly rewards: number;
  readonly points: number;
}

const everybody = 0;
const ever = 'all';

/** What a rule has given so far and in this batch (P-06), to each member and to everybody, on some days and ever. */
export class RuleCounters {
  private readonly added = new Map<string, Counter>();

  private constructor(
    private readonly ruleId: number,
    private readonly known: ReadonlyMap<string, Counter>,
  ) {}

  /** Each row locked, those of everybody first: whoever asks the same rule at the same moment waits there. */
  static async lock(tx: Tx, ruleId: number, places: readonly CounterPlace[]): Promise<RuleCounters> {
    if (places.length === 0) return new RuleCounters(ruleId, new Map());
    const rows = rowsOf(places).map((row) => ({ rule_id: ruleId, ...row, rewards: 0, points: 0 }));
    await tx.upsert('rule_counters', rows, { conflict: ['rule_id', 'user_id', 'day'] });
    const [users, days] = [[...new Set(rows.map((row) => row.user_id))], [...new Set(rows.map(({ day }) => day))]];
    const found = await tx.query<{ user_id: number; day: string; rewards: number; points: number | string }>(
      `SELECT user_id, day, rewards, points FROM rule_counters
       WHERE rule_id = ? AND user_id IN (${placeholders(users.length)}) AND day IN (${placeholders(days.length)})${tx.lock}`,
      [ruleId, ...users, ...days],
    );
    const known = found.map(({ user_id, day, rewards, points }): [string, Counter] => [
      keyOf(user_id, day),
      { rewards, points: Number(points) },
    ]);
    return new RuleCounters(ruleId, new Map(known));
  }

  /** Judges one reward by all that was given before it, and counts it when it is given. */
  count(plan: RulePlan, { userId, day }: CounterPlace, points: number): RuleOutcome {
    const outcome = judgeLimits(plan, points, {
      memberToday: this.at(userId, day).rewards,
      memberEver: this.at(userId, ever).rewards,
      pointsToday: this.at(everybody, day).points,
      pointsEver: this.at(everybody, ever).points,
    });
    if (outcome !== 'rewarded') return outcome;
    for (const user of [everybody, userId]) {
      for (const when of [ever, day]) {
        const key = keyOf(user, when);
        const before = this.added.get(key) ?? { rewards: 0, points: 0 };
        this.added.set(key, { rewards: before.rewards + 1, points: before.points + points });
      }
    }
    return outcome;
  }

  async write(tx: Tx): Promise<void> {
    if (this.added.size === 0) return;
    const rows = [...this.added].map(([key, counter]) => ({ rule_id: this.ruleId, ...partsOf(key), ...counter }));
    await tx.upsert('rule_counters', rows, { conflict: ['rule_id', 'user_id', 'day'], add: ['rewards', 'points'] });
  }

  private at(user: number, day: string): Counter {
    const [known, added] = [this.known.get(keyOf(user, day)), this.added.get(keyOf(user, day))];
    return {
      rewards: (known?.rewards ?? 0) + (added?.rewards ?? 0),
      points: (known?.points ?? 0) + (added?.points ?? 0),
    };
  }
}

/** The rows behind some places, in the one order in which everybody locks them. */
function rowsOf(places: readonly CounterPlace[]): { user_id: number; day: string }[] {
  const keys = new Set(
    places.flatMap(({ userId, day }) => [everybody, userId].flatMap((user) => [keyOf(user, ever), keyOf(user, day)])),
  );
  return [...keys].map(partsOf).sort((left, right) => left.user_id - right.user_id || (left.day < right.day ? -1 : 1));
}

function keyOf(user: number, day: string): string {
  return `${user} ${day}`;
}

function partsOf(key: string): { user_id: number; day: string } {
  const [user, day] = key.split(' ');
  return { user_id: Number(user), day: day ?? ever };
}
