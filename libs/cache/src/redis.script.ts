import { createHash } from 'node:crypto';
import type { Redis } from 'ioredis';

/** Lua that Redis runs as one step on one key. Replies are whole numbers, and scores as texts. */
export interface RedisScript {
  readonly lua: string;
  /** The name under which Redis remembers the text. */
  readonly sha: string;
}

function script(lua: string): RedisScript {
  return { lua, sha: createHash('sha1').update(lua).digest('hex') };
}

/** ARGV: limit, window in ms, cost. Replies {allowed, remaining, retry after ms}. */
export const hitScript = script(`
local limit, window, cost = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local left = redis.call('PTTL', KEYS[1])
local used = 0
if left >= 0 then used = tonumber(redis.call('GET', KEYS[1])) end
if used + cost > limit then
  if left < 0 then left = window end
  return { 0, math.max(0, limit - used), math.max(1, left) }
end
if left >= 0 then redis.call('INCRBY', KEYS[1], cost) else redis.call('SET', KEYS[1], cost, 'PX', window) end
return { 1, limit - used - cost, 0 }`);

/** ARGV: owner, time in ms. Replies whether the lease is the owner's now. */
export const acquireScript = script(`
local holder = redis.call('GET', KEYS[1])
if holder and holder ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return 1`);

/** ARGV: owner, time in ms. Replies whether the lease was still the owner's. */
export const renewScript = script(`
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
return redis.call('PEXPIRE', KEYS[1], ARGV[2])`);

/** ARGV: owner. Replies whether the lease was the owner's. */
export const releaseScript = script(`
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
return redis.call('DEL', KEYS[1])`);

/**
 * ARGV: member, neighbours on each side. Replies {score, position, above, below, size, next higher score or '', position of the first
 * neighbour, above that one, neighbours and scores by turns}; nothing when the member is not there.
 */
export const standingScript = script(`
local score = redis.call('ZSCORE', KEYS[1], ARGV[1])
if not score then return false end
local above = redis.call('ZCOUNT', KEYS[1], '-inf', '(' .. score)
local below = redis.call('ZCOUNT', KEYS[1], '(' .. score, '+inf')
local next = ''
if above > 0 then next = redis.call('ZRANGE', KEYS[1], above - 1, above - 1, 'WITHSCORES')[2] end
local position = redis.call('ZRANK', KEYS[1], ARGV[1])
local from = math.max(0, position - ARGV[2])
local around = redis.call('ZRANGE', KEYS[1], from, position + ARGV[2], 'WITHSCORES')
local first = redis.call('ZCOUNT', KEYS[1], '-inf', '(' .. around[2])
return { score, position, above, below, redis.call('ZCARD', KEYS[1]), next, from, first, around }`);

/** ARGV: first and last position. Replies {members and scores by turns, above the first, size}. */
export const pageScript = script(`
local found = redis.call('ZRANGE', KEYS[1], ARGV[1], ARGV[2], 'WITHSCORES')
local above = 0
if #found > 0 then above = redis.call('ZCOUNT', KEYS[1], '-inf', '(' .. found[2]) end
return { found, above, redis.call('ZCARD', KEYS[1]) }`);

/** Runs a script by its name, or by its text where the server does not know it (any more). */
export async function runScript(
  client: Redis,
  { sha, lua }: RedisScript,
  key: string,
  values: readonly (string | number)[],
): Promise<unknown> {
  try {
    return await client.evalsha(sha, 1, key, ...values);
  } catch (error) {
    if (!(error instanceof Error) || !error.message.startsWith('NOSCRIPT')) throw error;
    return client.eval(lua, 1, key, ...values);
  }
}
