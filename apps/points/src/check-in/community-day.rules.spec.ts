import { describe, expect, it } from 'vitest';
import { addDays, communityDay, communityDayEnd } from './community-day.rules.js';

describe("the community's day", () => {
  it('begins at local midnight, not at midnight UTC', () => {
    expect(communityDay(new Date('2026-03-01T15:59:59.999Z'), 'Asia/Shanghai')).toBe('2026-03-01');
    expect(communityDay(new Date('2026-03-01T16:00:00.000Z'), 'Asia/Shanghai')).toBe('2026-03-02');
    expect(communityDay(new Date('2026-03-01T16:00:00.000Z'), 'America/New_York')).toBe('2026-03-01');
  });

  it('ends at the next local midnight', () => {
    const end = communityDayEnd(new Date('2026-03-01T03:00:00Z'), 'Asia/Shanghai');
    expect(end.toISOString()).toBe('2026-03-01T16:00:00.000Z');
    expect(communityDayEnd(new Date('2026-03-01T16:00:00Z'), 'Asia/Shanghai').toISOString()).toBe(
      '2026-03-02T16:00:00.000Z',
    );
  });

  it.each([
    ['2026-03-08T12:00:00Z', 'America/New_York', 23],
    ['2026-11-01T12:00:00Z', 'America/New_York', 25],
    ['2026-03-29T12:00:00Z', 'Europe/Berlin', 23],
    ['2026-10-25T12:00:00Z', 'Europe/Berlin', 25],
  ])('around %s in %s has %i hours', (time, timezone, hours) => {
    const end = communityDayEnd(new Date(time), timezone);
    const start = communityDayEnd(new Date(Date.parse(time) - 24 * 3_600_000), timezone);
    expect((end.getTime() - start.getTime()) / 3_600_000).toBe(hours);
  });

  it('follows the one before on every date of four years in zones whose midnight may not exist', () => {
    for (const timezone of ['Africa/Cairo', 'America/Santiago', 'Asia/Beirut', 'Atlantic/Azores', 'Asia/Shanghai']) {
      let now = new Date('2024-01-01T12:00:00Z');
      let day = communityDay(now, timezone);
      for (let count = 0; count < 1461; count += 1) {
        now = communityDayEnd(now, timezone);
        const next = communityDay(now, timezone);
        expect(next, `${timezone} after ${day}`).toBe(addDays(day, 1));
        day = next;
      }
    }
  });
});

describe('calendar arithmetic', () => {
  it('crosses months, leap days and years', () => {
    expect(addDays('2024-02-28', 1)).toBe('2024-02-29');
    expect(addDays('2026-02-28', 1)).toBe('2026-03-01');
    expect(addDays('2026-01-01', -1)).toBe('2025-12-31');
  });
});
