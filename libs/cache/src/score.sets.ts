import { MemoryScoreSets } from './memory.score.sets.js';
import { RedisScoreSets } from './redis.score.sets.js';

/** One member's new score in one set; null takes the member out. */
export interface ScoreChange {
  readonly set: string;
  readonly member: number;
  readonly score: number | null;
}

export interface ScoredMember {
  readonly member: number;
  readonly score: number;
}

/** Where a member stands in a set. */
export interface Standing {
  readonly score: number;
  /** From 0, among equals the lower member number first. */
  readonly position: number;
  /** Members with a higher, and with a lower score. */
  readonly above: number;
  readonly below: number;
  /** Members of the set. */
  readonly size: number;
  /** The next higher score; null at the top. */
  readonly next: number | null;
  /** The member, with as many on each side as were asked for and are there. */
  readonly around: Neighbours;
}

/** Consecutive members of a set. */
export interface Neighbours {
  /** The position of the first of them. */
  readonly from: number;
  /** Members with a higher score than the first of these. */
  readonly above: number;
  readonly members: readonly ScoredMember[];
}

/** Members from a position that was asked for. */
export interface ScorePage extends Omit<Neighbours, 'from'> {
  /** Members of the set. */
  readonly size: number;
}

/**
 * Sets of members ordered by score, the highest first and among equals the lower member number. Scores are whole numbers. Questions cost
 * the logarithm of the set's size. Like the cache it may be lost at any time: everything in it can be made anew.
 * Every method rejects with CacheUnavailableError when the engine is away.
 */
export interface ScoreSets {
  /** Sets scores, absolutely: the same change twice is one. At most 10,000 changes. */
  put(changes: readonly ScoreChange[]): Promise<void>;
  size(set: string): Promise<number>;
  /** Members from position `from` on, at most `count`. */
  top(set: string, from: number, count: number): Promise<ScoredMember[]>;
  /** The same with what ranks need, as of one moment. */
  page(set: string, from: number, count: number): Promise<ScorePage>;
  /** As of one moment, with so many neighbours on each side. */
  standing(set: string, member: number, neighbours?: number): Promise<Standing | null>;
  /** Takes away every set whose name begins so. */
  drop(prefix: string): Promise<void>;
  close(): Promise<void>;
}

export const scoreChangesAtMost = 10_000;

export interface ScoreSetsOptions {
  /** `redis://...`; unset means the memory of this process. */
  redisUrl?: string | undefined;
  /** Put before every set's name. */
  prefix?: string | undefined;
}

/** Opens the sets. An unreachable Redis is no error: methods reject until it is there. */
export function openScoreSets({ redisUrl, prefix = '' }: ScoreSetsOptions = {}): Promise<ScoreSets> {
  return redisUrl ? RedisScoreSets.open(redisUrl, prefix) : Promise.resolve(new MemoryScoreSets());
}
