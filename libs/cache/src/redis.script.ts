import { createHash } from 'node:crypto';

/** Lua that Redis runs as one step on one key. Replies are whole numbers. */
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
