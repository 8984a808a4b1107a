import { appendFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openCache, type Cache } from './index.js';

const minuteMs = 60_000;

describe('a memory cache with a file', () => {
  let folder: string;
  let file: string;
  let time: number;
  const open = (): Promise<Cache> => openCache({ file, clock: { now: () => new Date(time) } });

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'cache-journal-'));
    file = join(folder, 'data', 'cache.jsonl');
    time = Date.parse('2031-05-04T00:00:00Z');
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('keeps its values over a restart, also when the process was killed', async () => {
    const first = await open();
    await first.set('a', 'один\n二', minuteMs);
    await first.set('b', 'old', minuteMs);
    await first.set('b', 'new', minuteMs);
    await first.set('gone', 'x', minuteMs);
    await first.delete('gone');
    await first.set('taken', 'x', minuteMs);
    await first.take('taken');
    expect(await first.putIfAbsent('c', 'once', minuteMs)).toBe(true);
    // Not closed, as by a kill.
    const second = await open();
    expect([await second.get('a'), await second.get('b'), await second.get('c')]).toEqual(['один\n二', 'new', 'once']);
    expect([await second.get('gone'), await second.get('taken')]).toEqual([null, null]);
    expect(await second.putIfAbsent('c', 'twice', minuteMs)).toBe(false);
    await second.close();
    await first.close();
  });

  it('lets values expire while nobody was there', async () => {
    const first = await open();
    await first.set('short', '1', minuteMs);
    await first.set('long', '2', 10 * minuteMs);
    await first.close();
    time += 2 * minuteMs;
    const second = await open();
    expect([await second.get('short'), await second.get('long')]).toEqual([null, '2']);
    time += 9 * minuteMs;
    expect(await second.get('long')).toBeNull();
    await second.close();
  });

  it('forgets leases and counted hits: their owners are gone', async () => {
    const first = await open();
    await first.acquireLease('work', 'first', minuteMs);
    await first.hit({ key: 'limit', limit: 1, windowMs: minuteMs });
    await first.close();
    const second = await open();
    expect(await second.acquireLease('work', 'second', minuteMs)).toBe(true);
    expect(await second.hit({ key: 'limit', limit: 1, windowMs: minuteMs })).toMatchObject({ allowed: true });
    await second.close();
  });

  it('leaves out a line that a crash cut off', async () => {
    const first = await open();
    await first.set('a', '1', minuteMs);
    await first.close();
    appendFileSync(file, '["b","2",19');
    const second = await open();
    expect([await second.get('a'), await second.get('b')]).toEqual(['1', null]);
    await second.set('c', '3', minuteMs);
    await second.close();
    const third = await open();
    expect(await third.get('c')).toBe('3');
    await third.close();
  });

  it('U-15: leaves nothing behind of what is to be forgotten', async () => {
    const cache = await open();
    await cache.set('gone', 'secret', minuteMs);
    await cache.set('kept', 'known', minuteMs);
    await cache.delete('gone');
    expect(readFileSync(file, 'utf8')).toContain('secret');
    await cache.forgetHistory();
    expect(readFileSync(file, 'utf8')).not.toContain('secret');
    expect(await cache.get('kept')).toBe('known');
    await cache.close();
  });

  it('does not grow without end', async () => {
    const cache = await open();
    for (let count = 0; count < 2_500; count += 1) await cache.set('same', String(count), minuteMs);
    await cache.close();
    expect(readFileSync(file, 'utf8').split('\n').length).toBeLessThan(1_100);
    const again = await open();
    expect(await again.get('same')).toBe('2499');
    await again.close();
  });
});
