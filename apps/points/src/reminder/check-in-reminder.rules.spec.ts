import { describe, expect, it } from 'vitest';
import { isWorthReminding, nextReminderAt } from './check-in-reminder.rules.js';

const next = (now: string, time: string, timezone: string): string =>
  nextReminderAt(new Date(now), { time, timezone }).toISOString();

describe('U-11: the reminder of the check-in', () => {
  it.each([
    ['2026-03-10T00:00:00Z', '09:00', 'Asia/Shanghai', '2026-03-10T01:00:00.000Z'],
    ['2026-03-10T00:59:59.999Z', '09:00', 'Asia/Shanghai', '2026-03-10T01:00:00.000Z'],
    ['2026-03-10T01:00:00Z', '09:00', 'Asia/Shanghai', '2026-03-11T01:00:00.000Z'],
    ['2026-03-10T23:30:00Z', '00:00', 'Asia/Shanghai', '2026-03-11T16:00:00.000Z'],
    ['2026-03-10T23:30:00Z', '23:59', 'Pacific/Honolulu', '2026-03-11T09:59:00.000Z'],
    ['2026-03-10T23:30:00Z', '00:00', 'Pacific/Kiritimati', '2026-03-11T10:00:00.000Z'],
    ['2026-03-10T10:00:00Z', '12:00', 'Asia/Kathmandu', '2026-03-11T06:15:00.000Z'],
    // The day before, of and after the clocks go forward in Berlin, where 02:30 does not exist on the 29th.
    ['2026-03-28T12:00:00Z', '09:00', 'Europe/Berlin', '2026-03-29T07:00:00.000Z'],
    ['2026-03-29T07:00:00Z', '09:00', 'Europe/Berlin', '2026-03-30T07:00:00.000Z'],
    ['2026-03-27T12:00:00Z', '09:00', 'Europe/Berlin', '2026-03-28T08:00:00.000Z'],
  ])('after %s at %s in %s is at %s', (now, time, timezone, expected) => {
    expect(next(now, time, timezone)).toBe(expected);
  });

  it('comes once a day for a year, whatever the clocks do', () => {
    for (const timezone of ['Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'Asia/Shanghai']) {
      for (const time of ['00:00', '01:30', '02:30', '03:00', '23:59']) {
        let at = new Date('2026-01-01T00:00:00Z');
        for (let day = 0; day < 366; day += 1) {
          const following = nextReminderAt(at, { time, timezone });
          const hours = (following.getTime() - at.getTime()) / 3_600_000;
          if (day > 0) expect(Math.abs(hours - 24), `${timezone} ${time} ${at.toISOString()}`).toBeLessThanOrEqual(2);
          at = following;
        }
      }
    }
  });

  it('that comes late is worth it until the end of the day it was meant for', () => {
    const due = new Date('2026-03-10T01:00:00Z');
    const isWorth = (now: string) => isWorthReminding(due, new Date(now), 'Asia/Shanghai');
    expect([isWorth('2026-03-10T01:00:00Z'), isWorth('2026-03-10T15:59:59Z')]).toEqual([true, true]);
    expect([isWorth('2026-03-10T16:00:00Z'), isWorth('2026-03-13T01:00:00Z')]).toEqual([false, false]);
  });
});
