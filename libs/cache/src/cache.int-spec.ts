import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { loadConfiguration, urlOf } from '#config';
import { eventually } from '#testing';
import { CacheUnavailableError, openCache, type Cache } from './index.js';

const { TEST_REDIS_URL } = loadConfiguration(z.object({ TEST_REDIS_URL: urlOf('redis', 'rediss').optional() }));

const sides = [
  { name: 'memory', redisUrl: undefined, skipped: false },
  { name: 'Redis (TEST_REDIS_URL)', redisUrl: TEST_REDIS_URL, skipped: !TEST_REDIS_URL },
];
const minuteMs = 60_000;
/** Busy machines answer late; how late is not the subject here. */
const patient = { commandTimeoutMs: 10_000 };

describe.each(sides)('cache on $name', ({ redisUrl, skipped }) => {
  describe.skipIf(skipped)('an engine that is there', () => {
    const prefix = `test-${randomUUID()}:`;
    let first: Cache;
    let second: Cache;

    beforeAll(async () => {
      first = await openCache({ redisUrl, prefix, ...patient });
      // Memory belongs to one process, so there the other replica is the same object.
      second = redisUrl ? await openCache({ redisUrl, prefix, ...patient }) : first;
      // The opening waits two seconds for an engine; on a busy machine it may be there a moment later.
      await eventually(() => Promise.all([first.ping(), second.ping()]));
    });
    afterAll(() => Promise.all([first.close(), second.close()]));

    it('is connected and answers', async () => {
      expect(first.connected).toBe(true);
      await expect(first.ping()).resolves.toBeUndefined();
    });

    it('keeps, replaces and deletes values', async () => {
      expect(await first.get('a')).toBeNull();
      await first.set('a', 'один', minuteMs);
      await first.set('a', '二', minuteMs);
      expect(await second.get('a')).toBe('二');
      await second.delete('a');
      expect(await first.get('a')).toBeNull();
      await expect(first.delete('a')).resolves.toBeUndefined();
    });

    it('tells an empty value from none', async () => {
      await first.set('empty', '', minuteMs);
      expect(await first.get('empty')).toBe('');
      expect(await first.putIfAbsent('empty', 'x', minuteMs)).toBe(false);
      expect(await first.take('empty')).toBe('');
    });

    it('forgets values after their time', async () => {
      await first.set('brief', 'x', 40);
      await eventually(async () => expect(await first.get('brief')).toBeNull());
      expect(await first.putIfAbsent('brief', 'y', minuteMs)).toBe(true);
    });

    it('gives a value to one taker', async () => {
      await first.set('ticket', 'seat 7', minuteMs);
      const takers = Array.from({ length: 100 }, (_, index) => (index % 2 ? first : second).take('ticket'));
      expect((await Promise.all(takers)).filter((value) => value !== null)).toEqual(['seat 7']);
    });

    it('lets one of many put a value', async () => {
      const puts = Array.from({ length: 100 }, (_, index) =>
        (index % 2 ? first : second).putIfAbsent('update:1', `${index}`, minuteMs),
      );
      const winners = (await Promise.all(puts)).flatMap((won, index) => (won ? [`${index}`] : []));
      expect(winners).toEqual([await first.get('update:1')]);
    });

    it('allows exactly the limit under 1,000 concurrent hits', async () => {
      const limit = { key: 'crowd', limit: 5, windowMs: minuteMs };
      const hits = Array.from({ length: 1000 }, (_, index) => (index % 2 ? first : second).hit(limit));
      const results = await Promise.all(hits);
      const allowed = results.filter((result) => result.allowed);
      expect(allowed.map(({ remaining }) => remaining).sort()).toEqual([0, 1, 2, 3, 4]);
      for (const { retryAfterMs } of results.filter((result) => !result.allowed)) {
        expect(retryAfterMs).toBeGreaterThan(0);
        expect(retryAfterMs).toBeLessThanOrEqual(minuteMs);
      }
    });

    it('weighs hits and does not count refused ones', async () => {
      const limit = { key: 'weights', limit: 10, windowMs: minuteMs };
      expect(await first.hit({ ...limit, cost: 8 })).toEqual({ allowed: true, remaining: 2, retryAfterMs: 0 });
      expect(await second.hit({ ...limit, cost: 3 })).toMatchObject({ allowed: false, remaining: 2 });
      expect(await first.hit({ ...limit, cost: 2 })).toEqual({ allowed: true, remaining: 0, retryAfterMs: 0 });
      expect(await first.hit({ ...limit, key: 'too heavy', cost: 11 })).toEqual({
        allowed: false,
        remaining: 10,
        retryAfterMs: minuteMs,
      });
      expect(await first.hit({ ...limit, key: 'closed', limit: 0 })).toMatchObject({ allowed: false, remaining: 0 });
    });

    it('opens a new window when one has ended', async () => {
      const limit = { key: 'window', limit: 1, windowMs: 60 };
      expect(await first.hit(limit)).toMatchObject({ allowed: true });
      await eventually(async () => expect(await first.hit(limit)).toMatchObject({ allowed: true }));
    });

    it('gives a lease to one owner until it is released', async () => {
      const owners = Array.from({ length: 20 }, (_, index) => `owner ${index}`);
      const taken = await Promise.all(
        owners.map((owner, index) => (index % 2 ? first : second).acquireLease('job', owner, minuteMs)),
      );
      const [owner = '', ...others] = owners.filter((_, index) => taken[index]);
      expect(others).toEqual([]);
      expect(await second.acquireLease('job', owner, minuteMs)).toBe(true);
      expect(await second.renewLease('job', owner, minuteMs)).toBe(true);
      expect(await second.renewLease('job', 'stranger', minuteMs)).toBe(false);
      await second.releaseLease('job', 'stranger');
      expect(await second.acquireLease('job', 'stranger', minuteMs)).toBe(false);
      await first.releaseLease('job', owner);
      expect(await first.renewLease('job', owner, minuteMs)).toBe(false);
      expect(await second.acquireLease('job', 'stranger', minuteMs)).toBe(true);
    });

    it('frees a lease that was not renewed', async () => {
      await first.acquireLease('brief job', 'a', 40);
      await eventually(async () => expect(await second.acquireLease('brief job', 'b', minuteMs)).toBe(true));
      expect(await first.renewLease('brief job', 'a', minuteMs)).toBe(false);
    });

    it('keeps values, hits and leases of one name apart', async () => {
      await first.hit({ key: 'same', limit: 1, windowMs: minuteMs });
      await first.acquireLease('same', 'owner', minuteMs);
      expect(await first.get('same')).toBeNull();
    });

    it.each([0, -1, 1.5, Number.NaN, Infinity])('refuses %s as a time', async (time) => {
      await expect(first.set('x', 'x', time)).rejects.toThrow(RangeError);
      await expect(first.putIfAbsent('x', 'x', time)).rejects.toThrow(RangeError);
      await expect(first.hit({ key: 'x', limit: 1, windowMs: time })).rejects.toThrow(RangeError);
      await expect(first.hit({ key: 'x', limit: 1, windowMs: 1, cost: time })).rejects.toThrow(RangeError);
      await expect(first.acquireLease('x', 'x', time)).rejects.toThrow(RangeError);
    });

    it('is unavailable once closed', async () => {
      const cache = await openCache({ redisUrl, prefix });
      await cache.close();
      expect(cache.connected).toBe(false);
      await expect(cache.get('a')).rejects.toThrow(CacheUnavailableError);
      await expect(cache.ping()).rejects.toThrow(CacheUnavailableError);
    });
  });
});
