import { Redis } from 'ioredis';
import { CacheUnavailableError } from './cache.js';
import { pageScript, runScript, standingScript } from './redis.script.js';
import type { ScoreChange, ScoredMember, ScorePage, ScoreSets, Standing } from './score.sets.js';

const connectTimeoutMs = 2_000;
/** A pipeline of ten thousand changes is one command for a clock. */
const commandTimeoutMs = 5_000;
const membersPerCommand = 500;
const digits = 16;
const keysPerScan = 1_000;

/**
 * Redis sorted sets. Scores are stored negated and members as digits of one length, so that Redis' own ascending order, scores first
 * and then texts, is ours.
 */
export class RedisScoreSets implements ScoreSets {
  private constructor(
    private readonly client: Redis,
    private readonly prefix: string,
  ) {}

  static async open(url: string, prefix: string): Promise<RedisScoreSets> {
    const client = new Redis(url, {
      lazyConnect: true,
      connectTimeout: connectTimeoutMs,
      commandTimeout: commandTimeoutMs,
      enableOfflineQueue: false,
      maxRetriesPerRequest: 0,
      retryStrategy: (attempt) => Math.min(50 * attempt, 1_000),
    });
    // Without a listener an error would be printed; each call that fails says so itself.
    client.on('error', () => undefined);
    await client.connect().catch(() => undefined);
    return new RedisScoreSets(client, prefix);
  }

  put(changes: readonly ScoreChange[]): Promise<void> {
    return this.ask(async () => {
      const pipeline = this.client.pipeline();
      for (const [set, ofSet] of bySet(changes)) {
        const scored = ofSet.filter(({ score }) => score !== null);
        const gone = ofSet.filter(({ score }) => score === null);
        for (const part of parts(scored)) {
          pipeline.zadd(this.keyOf(set), ...part.flatMap(({ score, member }) => [negated(score ?? 0), textOf(member)]));
        }
        for (const part of parts(gone)) pipeline.zrem(this.keyOf(set), ...part.map(({ member }) => textOf(member)));
      }
      const failed = (await pipeline.exec())?.find(([error]) => error);
      if (failed?.[0]) throw failed[0];
    });
  }

  size(set: string): Promise<number> {
    return this.ask(() => this.client.zcard(this.keyOf(set)));
  }

  top(set: string, from: number, count: number): Promise<ScoredMember[]> {
    return this.ask(async () => {
      const flat = await this.client.zrange(this.keyOf(set), from, from + count - 1, 'WITHSCORES');
      return membersIn(flat);
    });
  }

  page(set: string, from: number, count: number): Promise<ScorePage> {
    return this.ask(async () => {
      const reply = await runScript(this.client, pageScript, this.keyOf(set), [from, from + count - 1]);
      const [flat, above, size] = reply as [string[], number, number];
      return { members: membersIn(flat), above, size };
    });
  }

  standing(set: string, member: number, neighbours = 0): Promise<Standing | null> {
    return this.ask(async () => {
      const reply = await runScript(this.client, standingScript, this.keyOf(set), [textOf(member), neighbours]);
      return reply === null ? null : standingIn(reply as StandingReply);
    });
  }

  drop(prefix: string): Promise<void> {
    return this.ask(async () => {
      const match = `${this.keyOf(prefix).replace(/[\\*?[\]]/g, '\\$&')}*`;
      for await (const keys of this.client.scanStream({ match, count: keysPerScan })) {
        const found = keys as string[];
        if (found.length > 0) await this.client.unlink(...found);
      }
    });
  }

  async close(): Promise<void> {
    this.client.disconnect();
  }

  private keyOf(set: string): string {
    return `${this.prefix}scores:${set}`;
  }

  private async ask<Result>(question: () => Promise<Result>): Promise<Result> {
    try {
      return await question();
    } catch (error) {
      throw new CacheUnavailableError(error);
    }
  }
}

type StandingReply = [string, number, number, number, number, string, number, number, string[]];

function standingIn(reply: StandingReply): Standing {
  const [stored, position, above, below, size, next, from, aboveFirst, flat] = reply;
  return {
    score: negated(Number(stored)),
    position,
    above,
    below,
    size,
    next: next === '' ? null : negated(Number(next)),
    around: { from, above: aboveFirst, members: membersIn(flat) },
  };
}

/** The last change of each member counts. */
function bySet(changes: readonly ScoreChange[]): Map<string, ScoreChange[]> {
  const sets = new Map<string, Map<number, ScoreChange>>();
  for (const change of changes) {
    const known = sets.get(change.set) ?? new Map<number, ScoreChange>();
    sets.set(change.set, known.set(change.member, change));
  }
  return new Map([...sets].map(([set, members]) => [set, [...members.values()]]));
}

function* parts(changes: readonly ScoreChange[]): Generator<readonly ScoreChange[]> {
  for (let start = 0; start < changes.length; start += membersPerCommand)
    yield changes.slice(start, start + membersPerCommand);
}

function textOf(member: number): string {
  return String(member).padStart(digits, '0');
}

/** Members and their stored scores, by turns. */
function membersIn(flat: readonly string[]): ScoredMember[] {
  return Array.from({ length: flat.length / 2 }, (_, index) => ({
    member: Number(flat[index * 2]),
    score: negated(Number(flat[index * 2 + 1])),
  }));
}

/** Without a negative zero. */
function negated(score: number): number {
  return score === 0 ? 0 : -score;
}
