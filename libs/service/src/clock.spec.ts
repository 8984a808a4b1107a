import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '#testing';
import { movedClock } from './clock.js';

describe('a moved clock', () => {
  let directory = '';
  let file = '';
  beforeAll(() => {
    directory = mkdtempSync(join(tmpdir(), 'coser-test-'));
    file = join(directory, 'clock');
  });
  afterAll(() => rmSync(directory, { recursive: true }));

  const hourMs = 3_600_000;
  const hoursAhead = (clock: { now(): Date }): number => Math.round((clock.now().getTime() - Date.now()) / hourMs);

  it('shows what the file says, however soon it says something else, and the wall clock without it', async () => {
    const clock = movedClock(file);
    expect(hoursAhead(clock)).toBe(0);
    for (let hours = 1; hours <= 20; hours += 1) {
      writeFileSync(file, String(hours * hourMs));
      await eventually(() => expect(hoursAhead(clock)).toBe(hours), { intervalMs: 1 });
    }
    // Somebody is just writing it: what it said before holds.
    writeFileSync(file, '');
    const other = movedClock(file);
    expect([hoursAhead(clock), hoursAhead(other)]).toEqual([20, 0]);
    rmSync(file);
    await eventually(() => expect(hoursAhead(clock)).toBe(0));
  });
});
