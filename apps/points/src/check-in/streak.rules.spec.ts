import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { newcomer } from './check-in.fixture.js';
import { decideCheckIn, nextBonus, type CheckInState } from './check-in.rules.js';
import { addDays } from '#calendar';
import { continues, recount, streakSteps, type CountedMark, type IsProtected } from './streak.rules.js';

const start = '2026-01-01';
const timezone = 'Asia/Shanghai';

/** What a member did on each day of a calendar: came, stayed away, and made up a day so many days back. */
interface Day {
  readonly comes: boolean;
  readonly makesUp: number | null;
  readonly isProtected: boolean;
}

const calendars = fc.array(
  fc.record({
    comes: fc.boolean().chain((rarely) => (rarely ? fc.boolean() : fc.constant(true))),
    makesUp: fc.option(fc.integer({ min: 1, max: 30 }), { freq: 3 }),
    isProtected: fc.integer({ min: 0, max: 11 }).map((number) => number === 0),
  }),
  { minLength: 1, maxLength: 90 },
);

/** Lives through a calendar with the platform's rules. The amnesties are declared at the end, as after an outage. */
class Member {
  marks: CountedMark[] = [];
  bonusPoints = 0;
  cardsEarned = 0;
  state: CheckInState = newcomer;

  checkIn(day: string): void {
    const decision = decideCheckIn(this.state, { now: new Date(`${day}T04:00:00Z`), timezone });
    if (decision.outcome !== 'accepted') return;
    const { after, skippedDays, bonuses, cardsEarned } = decision.checkIn;
    this.state = after;
    this.bonusPoints += bonuses.reduce((sum, { points }) => sum + points, 0);
    this.cardsEarned += cardsEarned;
    this.marks.push({ day, skippedDays, streakDays: after.streakDays, ...after.rewarded });
  }

  makeUp(day: string): void {
    if (day < start || this.marks.some((mark) => mark.day === day)) return;
    this.marks.push({ day, skippedDays: 0, streakDays: 0, weeks: 0, months: 0 });
    this.marks.sort((left, right) => (left.day < right.day ? -1 : 1));
    this.state = { ...this.state, totalDays: this.state.totalDays + 1 };
    this.countAnew(() => false);
  }

  countAnew(isProtected: IsProtected): void {
    const { marks, due } = recount(null, this.marks, isProtected);
    this.marks = [...marks];
    this.bonusPoints += due.weeks * streakSteps.weeks.points + due.months * streakSteps.months.points;
    this.cardsEarned += due.weeks;
    const last = marks.at(-1);
    if (last) {
      const rewarded = { weeks: last.weeks, months: last.months };
      this.state = { ...this.state, day: last.day, streakDays: last.streakDays, rewarded };
    }
  }
}

function liveThrough(calendar: readonly Day[]): Member {
  const member = new Member();
  calendar.forEach(({ comes, makesUp }, index) => {
    const day = addDays(start, index);
    if (comes) member.checkIn(day);
    if (makesUp !== null) member.makeUp(addDays(day, -makesUp));
  });
  return member;
}

/** The definition, without any memory: walk back from a day that counts, over protected days, until one was missed. */
function naiveStreak(day: string, counting: ReadonlySet<string>, isProtected: IsProtected): number {
  let streak = 0;
  for (let current = day; counting.has(current) || isProtected(current); current = addDays(current, -1)) {
    if (counting.has(current)) streak += 1;
  }
  return streak;
}

function expectAsDefined(member: Member, isProtected: IsProtected): void {
  const counting = new Set(member.marks.map(({ day }) => day));
  const streaks = member.marks.map(({ day }) => naiveStreak(day, counting, isProtected));
  expect(member.marks.map(({ streakDays }) => streakDays)).toEqual(streaks);
  expect(member.state.streakDays).toBe(streaks.at(-1) ?? 0);
  expect(member.state.totalDays).toBe(counting.size);
  const runs = streaks.filter((_, index) => (streaks[index + 1] ?? 1) === 1);
  const sum = (value: (run: number) => number): number => runs.reduce((total, run) => total + value(run), 0);
  expect(member.bonusPoints).toBe(sum((run) => Math.floor(run / 7) * 20 + Math.floor(run / 30) * 100));
  expect(member.cardsEarned).toBe(sum((run) => Math.floor(run / 7)));
}

describe('a streak over any calendar', () => {
  it('P-03: is what its definition says, with days made up in any order, and gives each bonus once', () => {
    fc.assert(
      fc.property(calendars, (calendar) => expectAsDefined(liveThrough(calendar), () => false)),
      { numRuns: 400 },
    );
  });

  it('P-02: is what its definition says after an amnesty, and again after its undoing', () => {
    fc.assert(
      fc.property(calendars, (calendar) => {
        const member = liveThrough(calendar);
        const days = new Set(calendar.flatMap((day, index) => (day.isProtected ? [addDays(start, index)] : [])));
        const isProtected: IsProtected = (day) => days.has(day);
        member.countAnew(isProtected);
        expectAsDefined(member, isProtected);
        const { marks, due } = recount(null, member.marks, () => false);
        const counting = new Set(marks.map(({ day }) => day));
        expect(marks.map(({ streakDays }) => streakDays)).toEqual(
          marks.map(({ day }) => naiveStreak(day, counting, () => false)),
        );
        // Nothing is given twice for what the amnesty had rewarded already, once the runs are whole again.
        const again = recount(null, marks, isProtected);
        expect([due, again.due]).toEqual([
          { weeks: 0, months: 0 },
          { weeks: 0, months: 0 },
        ]);
      }),
      { numRuns: 400 },
    );
  });

  it('P-02: gives the next bonus that it tells, also when it was longer by an amnesty that is gone', () => {
    fc.assert(
      fc.property(calendars, (calendar) => {
        const member = liveThrough(calendar);
        if (member.state.day === null) return;
        const days = new Set(calendar.flatMap((day, index) => (day.isProtected ? [addDays(start, index)] : [])));
        member.countAnew((day) => days.has(day));
        member.countAnew(() => false);
        const told = nextBonus(member.state.streakDays, member.state.rewarded);
        const before = member.bonusPoints;
        for (let next = 1; member.bonusPoints === before && next <= 60; next += 1)
          member.checkIn(addDays(member.state.day, 1));
        const given = { streakDays: member.state.streakDays, points: member.bonusPoints - before };
        expect(given).toEqual(told);
      }),
      { numRuns: 300 },
    );
  });

  it('counts from the middle of a long history as from its beginning', () => {
    fc.assert(
      fc.property(calendars, fc.nat(), (calendar, cut) => {
        const { marks } = liveThrough(calendar);
        if (marks.length === 0) return;
        const index = cut % marks.length;
        const whole = recount(null, marks, () => false).marks;
        const part = recount(marks[index] ?? null, marks.slice(index + 1), () => false).marks;
        expect(part).toEqual(whole.slice(index + 1));
      }),
      { numRuns: 200 },
    );
  });

  it('does not look through gaps without an end', () => {
    expect(continues('2020-01-01', { day: '2026-01-01', skippedDays: 0 }, () => true)).toBe(false);
  });
});
