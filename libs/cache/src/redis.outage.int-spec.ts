import { randomUUID } from 'node:crypto';
import { Redis } from 'ioredis';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { loadConfiguration, urlOf } from '#config';
import { eventually } from '#testing';
import { TcpProxy } from '#testing/tcp-proxy';
import { CacheUnavailableError, openCache, type Cache } from './index.js';

const { TEST_REDIS_URL } = loadConfiguration(z.object({ TEST_REDIS_URL: urlOf('redis', 'rediss').optional() }));
const minuteMs = 60_000;

/** Every method; all must say in the same way that the engine is away. */
const calls: Record<string, (cache: Cache) => Promise<unknown>> = {
  get: (cache) => cache.get('k'),
  set: (cache) => cache.set('k', 'v', minuteMs),
  delete: (cache) => cache.delete('k'),
  take: (cache) => cache.take('k'),
  putIfAbsent: (cache) => cache.putIfAbsent('k', 'v', minuteMs),
  hit: (cache) => cache.hit({ key: 'k', limit: 1, windowMs: minuteMs }),
  acquireLease: (cache) => cache.acquireLease('k', 'o', minuteMs),
  renewLease: (cache) => cache.renewLease('k', 'o', minuteMs),
  releaseLease: (cache) => cache.releaseLease('k', 'o'),
  ping: (cache) => cache.ping(),
};

async function expectAllUnavailable(cache: Cache): Promise<void> {
  const outcomes = await Promise.allSettled(Object.values(calls).map((call) => call(cache)));
  for (const outcome of outcomes) {
    expect(outcome).toMatchObject({ status: 'rejected', reason: expect.any(CacheUnavailableError) as unknown });
  }
}

describe.skipIf(!TEST_REDIS_URL)('Redis (TEST_REDIS_URL) that goes away', () => {
  const direct = new URL(TEST_REDIS_URL ?? 'redis://127.0.0.1');
  const log: string[] = [];
  let proxy: TcpProxy;
  let cache: Cache;
  let proxyUrl: string;
  let prefix: string;
  const keep = (_details: object, text: string) => void log.push(text);
  /** Connected: on a busy machine that may take longer than the opening waits for it. */
  const open = async (options: { commandTimeoutMs?: number } = {}): Promise<Cache> => {
    const opened = await openCache({ redisUrl: proxyUrl, prefix, log: { warn: keep, info: keep }, ...options });
    await eventually(() => opened.ping());
    return opened;
  };

  beforeEach(async () => {
    proxy = await TcpProxy.start({ host: direct.hostname, port: Number(direct.port || 6379) });
    const throughProxy = new URL(direct);
    throughProxy.hostname = '127.0.0.1';
    throughProxy.port = String(proxy.port);
    proxyUrl = throughProxy.href;
    log.length = 0;
    prefix = `test-${randomUUID()}:`;
    cache = await open();
  });
  afterEach(async () => {
    await cache.close();
    await proxy.stop();
  });

  it('rejects every call while connections are refused, and comes back by itself', async () => {
    await eventually(() => cache.set('kept', 'x', minuteMs));
    log.length = 0;
    proxy.refuse();
    await eventually(() => expect(cache.connected).toBe(false));
    await expectAllUnavailable(cache);
    proxy.heal();
    await eventually(async () => expect(await cache.get('kept')).toBe('x'));
    // A busy machine may lose it once more by itself; each loss and each return is told once.
    expect(log.slice(0, 2)).toEqual(['Redis is not reachable', 'Redis is back']);
    expect(log.filter((line, index) => line === log[index - 1])).toEqual([]);
  });

  it('rejects every call while nothing comes back, and leaves the dead connection', async () => {
    await eventually(() => cache.set('kept', 'x', minuteMs));
    const before = proxy.accepted;
    proxy.stall();
    await expectAllUnavailable(cache);
    await eventually(async () => {
      await cache.ping().catch(() => undefined);
      expect(proxy.accepted).toBeGreaterThan(before);
    });
    proxy.heal();
    await eventually(async () => expect(await cache.get('kept')).toBe('x'));
  });

  it('does not send later what its caller was told had failed', async () => {
    proxy.stall();
    await expect(cache.set('late', 'x', minuteMs)).rejects.toThrow(CacheUnavailableError);
    proxy.heal();
    await eventually(async () => expect(await cache.get('late')).toBeNull());
  });

  it('opens without Redis and connects when it is there', async () => {
    proxy.refuse();
    const early = await openCache({ redisUrl: proxyUrl });
    try {
      expect(early.connected).toBe(false);
      await expectAllUnavailable(early);
      proxy.heal();
      await eventually(() => early.ping());
    } finally {
      await early.close();
    }
  });

  it('counts on when Redis has forgotten the scripts', async () => {
    const limit = { key: 'scripts', limit: 2, windowMs: minuteMs };
    const patient = await open({ commandTimeoutMs: 10_000 });
    expect(await patient.hit(limit)).toMatchObject({ allowed: true });
    const operator = new Redis(direct.href);
    await operator.script('FLUSH');
    operator.disconnect();
    const results = await Promise.all([patient.hit(limit), patient.hit(limit), patient.hit(limit)]);
    expect(results.filter(({ allowed }) => allowed)).toHaveLength(1);
    await patient.close();
  });

  it('tells a refused command from an absent engine', async () => {
    const operator = new Redis(direct.href);
    await operator.rpush(`${prefix}value:list`, 'x');
    const other = await open({ commandTimeoutMs: 10_000 });
    await expect(other.get('list')).rejects.toThrow('WRONGTYPE');
    await operator.del(`${prefix}value:list`);
    operator.disconnect();
    await other.close();
  });
});
