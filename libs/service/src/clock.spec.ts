import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '#testing';
import { movedClock, timeForWaiting } from './clock.js';

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

describe('the time for waiting', () => {
  it('tells by how much a clock was set back, and nothing of one that goes on', () => {
    let time = 1_000;
    const setBack: number[] = [];
    const now = timeForWaiting({ now: () => new Date(time) }, (byMs) => setBack.push(byMs));
    const seen = [1_000, 1_500, 1_500, 400, 900].map((next) => {
      time = next;
      return now();
    });
    expect([seen, setBack]).toEqual([[1_000, 1_500, 1_500, 400, 900], [1_100]]);
  });
});
