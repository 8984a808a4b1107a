import { describe, expect, it } from 'vitest';
import { MemoryCache } from './memory.cache.js';

class HandClock {
  private time = new Date('2026-01-01T00:00:00Z').getTime();

  now(): Date {
    return new Date(this.time);
  }

  advance(milliseconds: number): void {
    this.time += milliseconds;
  }
}

describe('MemoryCache', () => {
  it('holds no more keys than it may: what has expired goes first, then the oldest', async () => {
    const clock = new HandClock();
    const cache = new MemoryCache(clock, 3);
    await cache.set('first', '1', 5_000);
    await cache.set('brief', '2', 1_000);
    await cache.set('third', '3', 5_000);
    clock.advance(1_000);
    await cache.set('fourth', '4', 5_000);
    expect(await cache.get('first')).toBe('1');
    await cache.set('first', 'written again', 5_000);
    await cache.set('fifth', '5', 5_000);
    expect(cache.size).toBe(3);
    expect(await cache.get('third')).toBeNull();
    expect(await cache.get('first')).toBe('written again');
  });

  it('stays bounded under a flood of keys', async () => {
    const cache = new MemoryCache(new HandClock());
    for (let index = 0; index < 150_000; index += 1) await cache.hit({ key: `${index}`, limit: 1, windowMs: 60_000 });
    expect(cache.size).toBeLessThanOrEqual(100_000);
    expect(await cache.hit({ key: '149999', limit: 1, windowMs: 60_000 })).toMatchObject({ allowed: false });
  });

  it('ends values, windows and leases at their time and not before', async () => {
    const clock = new HandClock();
    const cache = new MemoryCache(clock);
    const limit = { key: 'login', limit: 1, windowMs: 1_000 };
    await cache.set('value', 'x', 1_000);
    await cache.hit(limit);
    await cache.acquireLease('job', 'a', 1_000);
    clock.advance(999);
    expect(await cache.get('value')).toBe('x');
    expect(await cache.hit(limit)).toEqual({ allowed: false, remaining: 0, retryAfterMs: 1 });
    expect(await cache.acquireLease('job', 'b', 1_000)).toBe(false);
    clock.advance(1);
    expect(await cache.get('value')).toBeNull();
    expect(await cache.hit(limit)).toMatchObject({ allowed: true });
    expect(await cache.acquireLease('job', 'b', 1_000)).toBe(true);
  });

  it('starts the window with its first hit', async () => {
    const clock = new HandClock();
    const cache = new MemoryCache(clock);
    const limit = { key: 'login', limit: 2, windowMs: 1_000 };
    await cache.hit(limit);
    clock.advance(600);
    await cache.hit(limit);
    expect(await cache.hit(limit)).toMatchObject({ retryAfterMs: 400 });
  });
});
