import { describe, expect, it } from 'vitest';
import { openCache } from '#cache';
import { eventually } from '#testing';
import { SharedCounter } from './shared.counter.js';

const minuteMs = 60_000;

describe('a limit that replicas share in bundles', () => {
  it('lets the limit through and says how long to wait for the rest', async () => {
    const cache = await openCache({});
    const counter = new SharedCounter(cache, 'ip', 100, minuteMs);
    const now = Math.floor(Date.now() / minuteMs) * minuteMs + 1_000;
    const waits = Array.from({ length: 150 }, () => counter.hit('10.0.0.1', now));
    expect(waits.filter((wait) => wait === 0)).toHaveLength(100);
    expect(waits.at(-1)).toBe(minuteMs - 1_000);
    expect(counter.hit('10.0.0.2', now)).toBe(0);
    expect(counter.hit('10.0.0.1', now + minuteMs)).toBe(0);
    await cache.close();
  });

  it('learns what other replicas have let through', async () => {
    const cache = await openCache({});
    const replicas = [new SharedCounter(cache, 'ip', 100, minuteMs), new SharedCounter(cache, 'ip', 100, minuteMs)];
    const now = Date.now();
    let passed = 0;
    for (let hit = 0; hit < 60; hit += 1) {
      for (const replica of replicas) passed += replica.hit('10.0.0.1', now) === 0 ? 1 : 0;
      await Promise.resolve();
    }
    await eventually(() => expect(replicas.map((replica) => replica.hit('10.0.0.1', now) > 0)).toEqual([true, true]));
    // At most one bundle of 5 each more than the limit.
    expect(passed).toBeLessThanOrEqual(110);
    expect(passed).toBeGreaterThanOrEqual(100);
    await cache.close();
  });

  it('goes on counting alone when the cache is away', async () => {
    const cache = await openCache({});
    await cache.close();
    const counter = new SharedCounter(cache, 'ip', 10, minuteMs);
    const now = Math.floor(Date.now() / minuteMs) * minuteMs;
    expect(Array.from({ length: 20 }, () => counter.hit('a', now)).filter((wait) => wait === 0)).toHaveLength(10);
  });
});
