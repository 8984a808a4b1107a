import { describe, expect, it } from 'vitest';
import {
  aliveStreak,
  checkInPoints,
  decideCheckIn,
  makeupCardsAtMost,
  nextBonus,
  withCards,
  type CheckInState,
  type DecidedCheckIn,
} from './check-in.rules.js';
import { addDays } from '#calendar';
import { newcomer } from './check-in.fixture.js';

const monday = '2026-03-02';
const timezone = 'Asia/Shanghai';

function noonOf(day: string, zone = timezone): { now: Date; timezone: string } {
  return { now: new Date(`${day}T04:00:00Z`), timezone: zone };
}

function streakOf(streakDays: number, day = monday): CheckInState {
  const rewarded = { weeks: Math.floor(streakDays / 7), months: Math.floor(streakDays / 30) };
  const { now: nextAt } = noonOf(day);
  return { ...newcomer, day, streakDays, rewarded, totalDays: streakDays, timezone, nextAt };
}

function accepted(state: CheckInState, day: string): DecidedCheckIn {
  const decision = decideCheckIn(state, noonOf(day));
  if (decision.outcome !== 'accepted') throw new Error(decision.outcome);
  return decision.checkIn;
}

describe('a check-in (P-02)', () => {
  it('gives 10 points on the first day', () => {
    expect(accepted(newcomer, monday)).toMatchObject({ day: monday, points: 10, bonuses: [], cardsEarned: 0 });
    expect(accepted(newcomer, monday).after).toMatchObject({ streakDays: 1, totalDays: 1, timezone, makeupCards: 3 });
  });

  it('is refused on a day that counts already, and on an earlier one', () => {
    const state = streakOf(3);
    expect(decideCheckIn(state, noonOf(monday))).toEqual({ outcome: 'already_done', day: monday });
    expect(decideCheckIn(state, noonOf(addDays(monday, -1)))).toEqual({ outcome: 'already_done', day: monday });
  });

  it('continues yesterday and starts anew after a gap, while the total only grows', () => {
    expect(accepted(streakOf(5), addDays(monday, 1)).after).toMatchObject({ streakDays: 6, totalDays: 6 });
    expect(accepted(streakOf(5), addDays(monday, 2)).after).toMatchObject({ streakDays: 1, totalDays: 6 });
  });

  it.each([
    [6, [], 0],
    [7, [20], 1],
    [14, [20], 1],
    [29, [], 0],
    [30, [100], 0],
    [60, [100], 0],
    [210, [20, 100], 1],
  ])('on streak day %i gives the bonuses %j and %i cards', (streakDays, bonuses, cards) => {
    const checkIn = accepted(streakOf(streakDays - 1), addDays(monday, 1));
    expect(checkIn.bonuses.map(({ points }) => points)).toEqual(bonuses);
    expect(checkIn.points).toBe(checkInPoints + bonuses.reduce((sum, points) => sum + points, 0));
    expect(checkIn.cardsEarned).toBe(cards);
  });

  it('earns 480 points and 4 cards in 30 days without a gap', () => {
    let state = newcomer;
    let earned = 0;
    for (let number = 0; number < 30; number += 1) {
      const checkIn = accepted(state, addDays(monday, number));
      earned += checkIn.points;
      state = checkIn.after;
    }
    // 30 days of 10, day 7, 14, 21 and 28 with 20, day 30 with 100.
    expect(earned).toBe(300 + 80 + 100);
    expect(state.makeupCards).toBe(3 + 4);
  });

  it('earns no cards beyond the limit, and takes none away', () => {
    expect(withCards(makeupCardsAtMost, 1)).toBe(makeupCardsAtMost);
    expect(withCards(makeupCardsAtMost - 1, 1)).toBe(makeupCardsAtMost);
    expect(withCards(makeupCardsAtMost + 5, 1)).toBe(makeupCardsAtMost + 5);
  });
});

describe('a streak', () => {
  it('is alive today and yesterday, broken before, and 0 for who never came', () => {
    const state = streakOf(4);
    expect(aliveStreak(state, noonOf(monday))).toBe(4);
    expect(aliveStreak(state, noonOf(addDays(monday, 1)))).toBe(4);
    expect(aliveStreak(state, noonOf(addDays(monday, 2)))).toBe(0);
    expect(aliveStreak(newcomer, noonOf(monday))).toBe(0);
  });

  it('outlives days that an amnesty protects, all of them', () => {
    const state = streakOf(4);
    const isProtected = (day: string): boolean => day === addDays(monday, 1) || day === addDays(monday, 2);
    expect(aliveStreak(state, noonOf(addDays(monday, 3)), isProtected)).toBe(4);
    expect(aliveStreak(state, noonOf(addDays(monday, 4)), isProtected)).toBe(0);
  });

  it.each([
    [0, 7, 20],
    [6, 7, 20],
    [7, 14, 20],
    [28, 30, 100],
    [30, 35, 20],
    [209, 210, 120],
  ])('of %i days has its next bonus on day %i with %i points', (streakDays, next, points) => {
    const { rewarded } = streakOf(streakDays);
    expect(nextBonus(streakDays, rewarded)).toEqual({ streakDays: next, points });
  });
});

describe('a change of the time zone', () => {
  const at = (time: string, zone: string) => ({ now: new Date(time), timezone: zone });
  const after = (state: CheckInState, time: string, zone: string): CheckInState => {
    const decision = decideCheckIn(state, at(time, zone));
    if (decision.outcome !== 'accepted') throw new Error(decision.outcome);
    return decision.checkIn.after;
  };
  const shanghai = after(newcomer, '2026-03-02T15:00:00Z', 'Asia/Shanghai');

  it('to the east gains no day: the last one must be over where it was counted', () => {
    const midnight = new Date('2026-03-02T16:00:00Z');
    const hop = decideCheckIn(shanghai, at('2026-03-02T15:05:00Z', 'Pacific/Auckland'));
    expect(hop).toEqual({ outcome: 'too_soon', nextAt: midnight });
    expect(decideCheckIn(shanghai, { now: midnight, timezone: 'Pacific/Auckland' })).toMatchObject({
      outcome: 'accepted',
      checkIn: { day: '2026-03-03', after: { streakDays: 2 } },
    });
  });

  it('to the west gains none either: the date that comes again counts already', () => {
    expect(decideCheckIn(shanghai, at('2026-03-03T01:00:00Z', 'America/New_York'))).toEqual({
      outcome: 'already_done',
      day: '2026-03-02',
    });
  });

  it('with a midnight on either calendar gives no third check-in before a day has gone by', () => {
    const second = after(shanghai, '2026-03-02T16:00:00Z', 'Pacific/Kiritimati');
    expect(second).toMatchObject({ day: '2026-03-03', streakDays: 2 });
    // There it is the 4th from ten o'clock on. A clock may have been put forward by two hours meanwhile.
    expect(decideCheckIn(second, at('2026-03-03T12:59:59Z', 'Pacific/Kiritimati'))).toEqual({
      outcome: 'too_soon',
      nextAt: new Date('2026-03-03T13:00:00Z'),
    });
    const third = decideCheckIn(second, at('2026-03-03T13:00:00Z', 'Pacific/Kiritimati'));
    expect(third).toMatchObject({ outcome: 'accepted', checkIn: { day: '2026-03-04', skippedDays: 0 } });
  });

  it('skips a date that hardly existed, and no other', () => {
    const state = { ...streakOf(4, '2026-03-01'), timezone: 'Etc/GMT+12', nextAt: new Date('2026-03-02T10:00:00Z') };
    // From 1 March, 24:00, to 3 March, 2:00: the 2nd did not exist.
    expect(decideCheckIn(state, at('2026-03-02T12:00:00Z', 'Pacific/Kiritimati'))).toMatchObject({
      outcome: 'accepted',
      checkIn: { day: '2026-03-03', skippedDays: 1, after: { streakDays: 5 } },
    });
    expect(aliveStreak(state, at('2026-03-03T09:59:59Z', 'Pacific/Kiritimati'))).toBe(4);
    expect(aliveStreak(state, at('2026-03-03T10:00:00Z', 'Pacific/Kiritimati'))).toBe(0);
  });

  it('skips such a date before days that were declared free too, however many, as who stays at home does', () => {
    const state = { ...streakOf(4, '2026-01-01'), timezone: 'Etc/GMT+12', nextAt: new Date('2026-01-02T10:00:00Z') };
    const aliveOn = (day: string): number =>
      aliveStreak(state, at(`${day}T09:00:00Z`, 'Pacific/Kiritimati'), (free) => free >= '2026-01-03');
    // The 2nd did not exist; from the 3rd on everything is free, as far as is looked.
    expect([aliveOn('2026-02-20'), aliveOn('2027-02-06'), aliveOn('2027-02-07')]).toEqual([4, 4, 0]);
  });

  it('mends no streak: a day that was there could be missed, under whatever name the zone goes', () => {
    expect(aliveStreak(shanghai, at('2026-03-03T15:59:59Z', 'Asia/Taipei'))).toBe(1);
    expect(aliveStreak(shanghai, at('2026-03-03T16:00:00Z', 'Asia/Taipei'))).toBe(0);
    expect(aliveStreak(shanghai, at('2026-03-03T16:00:00Z', 'Asia/Tokyo'))).toBe(0);
  });

  it('takes no day from who stays where the clocks are put forward', () => {
    const saturday = after(newcomer, '2026-03-28T22:59:00Z', 'Europe/Berlin');
    const sunday = after(saturday, '2026-03-28T23:01:00Z', 'Europe/Berlin');
    expect(after(sunday, '2026-03-29T22:30:00Z', 'Europe/Berlin')).toMatchObject({ day: '2026-03-30', streakDays: 3 });
  });
});
