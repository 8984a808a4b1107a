import type { Cache } from './cache.js';
import { CacheJournal } from './cache.journal.js';
import { MemoryCache } from './memory.cache.js';
import { openRedis, type CacheLog } from './redis.cache.js';

export interface CacheOptions {
  /** `redis://:password@host:port/database` or `rediss://`; unset means the memory of this process. */
  redisUrl?: string | undefined;
  /** Put before every key, so that several uses can share one Redis. */
  prefix?: string | undefined;
  /** Where the memory keeps its values, so that they outlive the process; unset means nowhere. Redis needs none. */
  file?: string | undefined;
  /** The memory's clock; Redis has its own, which all replicas share. */
  clock?: { now(): Date } | undefined;
  /** How long Redis may take to answer. Default 200. */
  commandTimeoutMs?: number | undefined;
  log?: CacheLog | undefined;
}

/** Opens the cache. An unreachable Redis is no error: `connected` stays false until it is there. */
export async function openCache(options: CacheOptions = {}): Promise<Cache> {
  const { redisUrl, file, clock = { now: () => new Date() } } = options;
  if (redisUrl) return openRedis(redisUrl, options);
  return new MemoryCache(clock, undefined, file === undefined ? null : new CacheJournal(file));
}
