import { describe, expect, it } from 'vitest';
import { aliveStreak, bonusesOf, decideCheckIn, nextBonus } from './check-in.rules.js';
import { addDays } from './community-day.rules.js';

const monday = '2026-03-02';

describe('a check-in (P-02)', () => {
  it('gives 10 points on the first day', () => {
    expect(decideCheckIn(null, monday)).toEqual({ streakDays: 1, totalDays: 1, bonuses: [], points: 10 });
  });

  it('is refused on a day that is checked in already, and on an earlier one', () => {
    const last = { day: monday, streakDays: 3, totalDays: 9 };
    expect(decideCheckIn(last, monday)).toBeNull();
    expect(decideCheckIn(last, addDays(monday, -1))).toBeNull();
  });

  it('continues yesterday and starts anew after a gap, while the total only grows', () => {
    const last = { day: monday, streakDays: 5, totalDays: 40 };
    expect(decideCheckIn(last, addDays(monday, 1))).toMatchObject({ streakDays: 6, totalDays: 41 });
    expect(decideCheckIn(last, addDays(monday, 2))).toMatchObject({ streakDays: 1, totalDays: 41, points: 10 });
  });

  it.each([
    [6, []],
    [7, [20]],
    [14, [20]],
    [29, []],
    [30, [100]],
    [60, [100]],
    [210, [20, 100]],
  ])('on streak day %i gives the bonuses %j', (streakDays, bonuses) => {
    expect(bonusesOf(streakDays).map(({ points }) => points)).toEqual(bonuses);
    const last = { day: monday, streakDays: streakDays - 1, totalDays: streakDays - 1 };
    const sum = bonuses.reduce((total, points) => total + points, 0);
    expect(decideCheckIn(last, addDays(monday, 1))?.points).toBe(10 + sum);
  });

  it('earns 480 points in 30 days without a gap', () => {
    let last: { day: string; streakDays: number; totalDays: number } | null = null;
    let earned = 0;
    for (let number = 0; number < 30; number += 1) {
      const day = addDays(monday, number);
      const decided = decideCheckIn(last, day);
      earned += decided?.points ?? 0;
      last = { day, streakDays: decided?.streakDays ?? 0, totalDays: decided?.totalDays ?? 0 };
    }
    // 30 days of 10, day 7, 14, 21 and 28 with 20, day 30 with 100.
    expect(earned).toBe(300 + 80 + 100);
  });
});

describe('a streak', () => {
  it('is alive today and yesterday, broken before, and 0 for who never came', () => {
    const last = { day: monday, streakDays: 4, totalDays: 4 };
    expect(aliveStreak(last, monday)).toBe(4);
    expect(aliveStreak(last, addDays(monday, 1))).toBe(4);
    expect(aliveStreak(last, addDays(monday, 2))).toBe(0);
    expect(aliveStreak(null, monday)).toBe(0);
  });

  it.each([
    [0, 7, 20],
    [6, 7, 20],
    [7, 14, 20],
    [28, 30, 100],
    [30, 35, 20],
    [209, 210, 120],
  ])('of %i days has its next bonus on day %i with %i points', (streakDays, next, points) => {
    expect(nextBonus(streakDays)).toEqual({ streakDays: next, points });
  });
});
