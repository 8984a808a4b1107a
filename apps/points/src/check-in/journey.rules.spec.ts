import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addDays, communityDay, communityDayStart } from '#calendar';
import { newcomer } from './check-in.fixture.js';
import { decideCheckIn, type Moment } from './check-in.rules.js';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;
/** The longest jump of a clock that a zone of the world makes. */
const clockChangeMs = 2 * hourMs;
const zones = Intl.supportedValuesOf('timeZone');

interface Accepted extends Moment {
  readonly day: string;
  readonly streakDays: number;
}

/** Tries to check in at each of these moments; those that were accepted. */
function tryAt(moments: readonly Moment[]): Accepted[] {
  let state = newcomer;
  return moments.flatMap((moment) => {
    const decision = decideCheckIn(state, moment);
    if (decision.outcome !== 'accepted') return [];
    state = decision.checkIn.after;
    return [{ ...moment, day: decision.checkIn.day, streakDays: state.streakDays }];
  });
}

/** Some days before a change of the clocks in zones of both hemispheres, by whole hours and by halves, at midnight and in the night. */
const clockChanges = fc.constantFrom(
  ['2026-03-05', 'America/New_York'],
  ['2026-10-29', 'America/New_York'],
  ['2026-03-26', 'Europe/Berlin'],
  ['2026-10-22', 'Europe/Berlin'],
  ['2026-04-21', 'Africa/Cairo'],
  ['2026-09-03', 'America/Santiago'],
  ['2026-10-01', 'Australia/Lord_Howe'],
  ['2026-03-26', 'Antarctica/Troll'],
  ['2026-03-26', 'Asia/Shanghai'],
) as fc.Arbitrary<[string, string]>;

describe('a member who stays', () => {
  it('P-02: checks in once on every date of the calendar and no oftener, also around midnight and when clocks change', () => {
    // Minutes around the midnights at which the dates begin.
    const visits = fc.array(fc.array(fc.integer({ min: -100, max: 100 }), { maxLength: 4 }), {
      minLength: 4,
      maxLength: 9,
    });
    fc.assert(
      fc.property(clockChanges, visits, ([first, timezone], dates) => {
        const times = dates.flatMap((minutes, index) => {
          const midnight = communityDayStart(addDays(first, index), timezone).getTime();
          return minutes.map((minute) => midnight + minute * minuteMs);
        });
        const moments = times.sort((left, right) => left - right).map((at) => ({ now: new Date(at), timezone }));
        const accepted = tryAt(moments);
        const dated = [...new Set(moments.map(({ now }) => communityDay(now, timezone)))];
        expect(accepted.map(({ day }) => day)).toEqual(dated);
        const streaks = dated.reduce<number[]>((all, day, index) => {
          const isNext = index > 0 && addDays(dated[index - 1] ?? '', 1) === day;
          return [...all, isNext ? (all.at(-1) ?? 0) + 1 : 1];
        }, []);
        expect(accepted.map(({ streakDays }) => streakDays)).toEqual(streaks);
      }),
      { numRuns: 400 },
    );
  });
});

describe('a member who calls the same clock by another name', () => {
  it('P-02: is where one who stays is: no missed day is forgiven for it', () => {
    const names = fc.constantFrom('Asia/Shanghai', 'Asia/Taipei', 'Asia/Singapore', 'Australia/Perth');
    const visits = fc.array(fc.record({ waitMinutes: fc.integer({ min: 1, max: 40 * 60 }), timezone: names }));
    fc.assert(
      fc.property(visits, (steps) => {
        let at = Date.parse('2026-03-01T12:00:00Z');
        const moments = steps.map(({ waitMinutes, timezone }) => {
          at += waitMinutes * minuteMs;
          return { now: new Date(at), timezone };
        });
        const counted = (list: readonly Moment[]) =>
          tryAt(list).map(({ now, day, streakDays }) => ({ now, day, streakDays }));
        expect(counted(moments)).toEqual(counted(moments.map(({ now }) => ({ now, timezone: 'Asia/Shanghai' }))));
      }),
      { numRuns: 300 },
    );
  });
});

const journeys = fc.array(
  fc.record({
    waitMinutes: fc.oneof(fc.integer({ min: 1, max: 90 }), fc.integer({ min: 1, max: 40 * 60 })),
    zone: fc.option(fc.constantFrom(...zones)),
  }),
  { minLength: 2, maxLength: 60 },
);
// Around changes of the clocks in both hemispheres.
const beginnings = fc.constantFrom(
  '2026-03-05T20:00:00Z',
  '2026-03-27T12:00:00Z',
  '2026-10-24T00:00:00Z',
  '2026-11-01T04:00:00Z',
);

function travel(beginning: string, steps: readonly { waitMinutes: number; zone: string | null }[]): Accepted[] {
  let at = Date.parse(beginning);
  let timezone = 'Asia/Shanghai';
  return tryAt(
    steps.map(({ waitMinutes, zone }) => {
      at += waitMinutes * minuteMs;
      timezone = zone ?? timezone;
      return { now: new Date(at), timezone };
    }),
  );
}

describe('a member who travels', () => {
  it('P-02: gains no day: between two check-ins lies a midnight of the calendar that the first was made on', () => {
    fc.assert(
      fc.property(beginnings, journeys, (beginning, steps) => {
        const accepted = travel(beginning, steps);
        accepted.slice(1).forEach(({ now, day }, index) => {
          const before = accepted[index] as Accepted;
          expect(day > before.day).toBe(true);
          expect(communityDay(now, before.timezone) > before.day).toBe(true);
        });
      }),
      { numRuns: 400 },
    );
  });

  it('P-02: has at most k + 1 check-ins in 24k hours, wherever the time zone is set to', () => {
    fc.assert(
      fc.property(beginnings, journeys, (beginning, steps) => {
        const times = travel(beginning, steps).map(({ now }) => now.getTime());
        times.forEach((later, last) =>
          times.slice(0, last).forEach((earlier, first) => {
            expect(later - earlier).toBeGreaterThanOrEqual((last - first - 1) * dayMs - clockChangeMs);
          }),
        );
      }),
      { numRuns: 600 },
    );
  });

  it('P-02: loses no streak by it: who tries every hour goes on, in any sequence of zones', () => {
    const hourly = fc.array(fc.option(fc.constantFrom(...zones), { freq: 12 }), { minLength: 200, maxLength: 200 });
    fc.assert(
      fc.property(beginnings, hourly, (beginning, changes) => {
        const steps = changes.map((zone) => ({ waitMinutes: 60, zone }));
        const streaks = travel(beginning, steps).map(({ streakDays }) => streakDays);
        expect(streaks).toEqual(streaks.map((_, index) => index + 1));
        expect(streaks.length).toBeGreaterThanOrEqual(4);
      }),
      { numRuns: 150 },
    );
  });
});
