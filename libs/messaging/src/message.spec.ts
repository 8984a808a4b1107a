import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { redeliveryDelayMs } from './batch.consumer.js';
import { commandId, inputHash } from './message.js';
import { Semaphore } from './semaphore.js';
import { timeOrderedId } from './time.ordered.id.js';

function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, item]) => [key, reversed(item)]),
  );
}

describe('inputHash', () => {
  it('does not depend on the order of keys, at any depth', () => {
    fc.assert(fc.property(fc.jsonValue(), (value) => inputHash(value) === inputHash(reversed(value))));
  });

  it('is the same before and after the wire', () => {
    const overTheWire = (value: unknown): unknown => JSON.parse(JSON.stringify(value));
    fc.assert(fc.property(fc.jsonValue(), (value) => inputHash(value) === inputHash(overTheWire(value))));
    expect(inputHash({ a: 1, missing: undefined })).toBe(inputHash({ a: 1 }));
  });

  it('differs where the content does', () => {
    const different: unknown[] = [
      {},
      [],
      null,
      '',
      0,
      false,
      { a: 1 },
      { a: '1' },
      { b: 1 },
      [1, 2],
      [2, 1],
      [[1], 2],
      [1, [2]],
      { a: [] },
      { a: {} },
    ];
    expect(new Set(different.map(inputHash)).size).toBe(different.length);
  });
});

describe('commandId', () => {
  const member = (userId: number) => ({ kind: 'user', user_id: userId, role: 'member' }) as const;

  it('is one for the same wish and another for every other', () => {
    const id = commandId('points.check_in.v1', member(1), 'key');
    expect(id).toMatch(/^[0-9a-f]{64}$/);
    expect(commandId('points.check_in.v1', { ...member(1), role: 'admin' }, 'key')).toBe(id);
    const others = [
      commandId('points.check_in.v2', member(1), 'key'),
      commandId('points.check_in.v1', member(2), 'key'),
      commandId('points.check_in.v1', member(1), 'kez'),
      commandId('points.check_in.v1', { kind: 'system', name: '1' }, 'key'),
      commandId('points.check_in.v1', { kind: 'visitor' }, 'key'),
    ];
    expect(new Set([id, ...others]).size).toBe(6);
  });
});

describe('timeOrderedId', () => {
  it('is a UUID of version 7 that carries its time', () => {
    const id = timeOrderedId(new Date('2026-01-02T03:04:05.678Z'));
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(parseInt(id.slice(0, 8) + id.slice(9, 13), 16)).toBe(Date.parse('2026-01-02T03:04:05.678Z'));
  });

  it('sorts by time as text, and differs within one millisecond', () => {
    const times = fc.date({ min: new Date(0), max: new Date('2999-01-01'), noInvalidDate: true });
    fc.assert(
      fc.property(
        times,
        fc.integer({ min: 1, max: 1e9 }),
        (at, later) => timeOrderedId(at) < timeOrderedId(new Date(at.getTime() + later)),
      ),
    );
    const now = new Date(0);
    expect(new Set(Array.from({ length: 10_000 }, () => timeOrderedId(now))).size).toBe(10_000);
  });
});

describe('timeOrderedId within one millisecond', () => {
  it('sorts by the order of making', () => {
    const now = new Date('3001-01-01T00:00:00.001Z');
    const ids = Array.from({ length: 4_000 }, () => timeOrderedId(now));
    expect([...ids].sort()).toEqual(ids);
  });

  it('also where others make ids for other times in between, as transactions side by side do', () => {
    const [early, late] = [new Date('3001-01-01T00:00:00.002Z'), new Date('3001-01-01T00:00:00.003Z')];
    const pairs = Array.from({ length: 1_000 }, () => [timeOrderedId(early), timeOrderedId(late)] as const);
    for (const ids of [pairs.map(([id]) => id), pairs.map(([, id]) => id)]) expect([...ids].sort()).toEqual(ids);
  });
});

describe('redeliveryDelayMs', () => {
  it('grows from 50 ms and never beyond 2 s', () => {
    const delays = Array.from({ length: 25 }, (_, index) => redeliveryDelayMs(index));
    expect(delays.slice(0, 6)).toEqual([50, 100, 200, 400, 800, 1600]);
    expect(delays).toEqual([...delays].sort((left, right) => left - right));
    expect(Math.max(...delays)).toBe(2000);
  });
});

describe('Semaphore', () => {
  it('lets in so many, lets so many wait in order, and turns the rest away', async () => {
    const semaphore = new Semaphore(2, 2);
    expect([await semaphore.enter(), await semaphore.enter()]).toEqual([true, true]);
    const order: string[] = [];
    const waiting = ['first', 'second'].map((name) => semaphore.enter().then((entered) => entered && order.push(name)));
    expect(await semaphore.enter()).toBe(false);
    semaphore.leave();
    semaphore.leave();
    await Promise.all(waiting);
    expect(order).toEqual(['first', 'second']);
    semaphore.leave();
    expect(semaphore.busy).toBe(true);
    semaphore.leave();
    expect(semaphore.busy).toBe(false);
  });
});
