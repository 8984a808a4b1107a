import { describe, expect, it } from 'vitest';
import {
  addDays,
  communityDay,
  communityDayEnd,
  communityDayStart,
  daysBetween,
  monthBounds,
} from './community.day.js';

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

  it.each([
    ['Asia/Shanghai', '2026-03-01T15:55:00Z'],
    ['Asia/Kathmandu', '2026-03-01T18:10:00Z'],
    ['America/New_York', '2026-03-08T04:55:00Z'],
    // Nineteen minutes and 32 seconds before UTC.
    ['Europe/Amsterdam', '1909-05-01T23:35:00Z'],
  ])('is the same in %s however often it is asked for around %s', (timezone, time) => {
    const calendar = new Intl.DateTimeFormat('en-CA', {
      timeZone: timezone,
      ...({ year: 'numeric', month: '2-digit', day: '2-digit' } as const),
    });
    for (let second = 0; second < 2_400; second += 4) {
      const now = new Date(Date.parse(time) + second * 1000);
      const asked = [communityDay(now, timezone), communityDay(now, timezone), communityDay(now, timezone)];
      expect(new Set(asked), now.toISOString()).toEqual(new Set([calendar.format(now)]));
    }
  });

  it.each([
    ['2026-03-01', 'Asia/Shanghai', '2026-02-28T16:00:00.000Z'],
    ['2026-03-01', 'Pacific/Kiritimati', '2026-02-28T10:00:00.000Z'],
    ['2026-03-01', 'Pacific/Pago_Pago', '2026-03-01T11:00:00.000Z'],
    ['2026-03-08', 'America/New_York', '2026-03-08T05:00:00.000Z'],
    ['2026-03-09', 'America/New_York', '2026-03-09T04:00:00.000Z'],
    ['2026-04-24', 'Africa/Cairo', '2026-04-23T22:00:00.000Z'],
  ])('%s in %s begins at %s', (day, timezone, start) => {
    const from = communityDayStart(day, timezone);
    expect(from.toISOString()).toBe(start);
    expect(communityDay(from, timezone)).toBe(day);
    expect(communityDay(new Date(from.getTime() - 1), timezone) < day).toBe(true);
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

describe('every time zone of the world, 2024 to 2027', () => {
  const zones = Intl.supportedValuesOf('timeZone');
  const dayMs = 86_400_000;
  const first = Date.parse('2024-01-01T12:00:00Z');
  const days = 1461;

  /** First instants of the weeks within which a zone's clock is changed. Zones that change it twice in a week there are none. */
  const changesOf = new Map(
    zones.map((zone) => {
      const clock = new Intl.DateTimeFormat('en-GB', { timeZone: zone, hour: '2-digit', minute: '2-digit' });
      const shown = Array.from({ length: Math.ceil(days / 7) + 1 }, (_, week) =>
        clock.format(first + week * 7 * dayMs),
      );
      return [zone, new Set(shown.flatMap((time, week) => (week > 0 && time !== shown[week - 1] ? [week - 1] : [])))];
    }),
  );

  it('has at noon in UTC that day, or far in the east the next one', () => {
    expect(zones.length).toBeGreaterThan(400);
    const wrong: string[] = [];
    for (let index = 0; index < days; index += 1) {
      const now = new Date(first + index * dayMs);
      const day = now.toISOString().slice(0, 10);
      const next = addDays(day, 1);
      // Where a clock is not changed all days of the week are alike.
      for (const zone of index % 7 === 0
        ? zones
        : zones.filter((one) => changesOf.get(one)?.has(Math.floor(index / 7)))) {
        const local = communityDay(now, zone);
        if (local !== day && local !== next) wrong.push(`${zone} ${day}: ${local}`);
      }
    }
    expect(wrong).toEqual([]);
  }, 60_000);

  it('goes from date to date without a gap around each change of its clocks, in days of 22 to 26 hours', () => {
    let changes = 0;
    for (const [zone, weeks] of changesOf) {
      for (const week of weeks) {
        changes += 1;
        let now = new Date(first + (week * 7 - 1) * dayMs);
        for (let step = 0; step < 9; step += 1) {
          const end = communityDayEnd(now, zone);
          const day = communityDay(now, zone);
          expect(communityDay(end, zone), `${zone} after ${day}`).toBe(addDays(day, 1));
          const next = communityDayEnd(end, zone);
          const hours = (next.getTime() - end.getTime()) / 3_600_000;
          expect(hours >= 22 && hours <= 26, `${zone} on ${addDays(day, 1)}: ${hours} h`).toBe(true);
          now = end;
        }
      }
    }
    expect(changes).toBeGreaterThan(500);
  }, 60_000);
});

describe('calendar arithmetic', () => {
  it('crosses months, leap days and years', () => {
    expect(addDays('2024-02-28', 1)).toBe('2024-02-29');
    expect(addDays('2026-02-28', 1)).toBe('2026-03-01');
    expect(addDays('2026-01-01', -1)).toBe('2025-12-31');
    expect([daysBetween('2024-02-28', '2024-03-01'), daysBetween('2026-03-01', '2026-02-28')]).toEqual([2, -1]);
    expect(monthBounds('2024-02')).toEqual({ first: '2024-02-01', last: '2024-02-29' });
    expect(monthBounds('2026-12')).toEqual({ first: '2026-12-01', last: '2026-12-31' });
  });
});
