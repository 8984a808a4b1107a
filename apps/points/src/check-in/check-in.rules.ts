import { addDays } from './community-day.rules.js';

/** What a member's last check-in left behind. */
export interface LastCheckIn {
  readonly day: string;
  readonly streakDays: number;
  readonly totalDays: number;
}

export interface StreakBonus {
  readonly streakDays: number;
  readonly points: number;
}

/** P-02, figures of the source document. */
export const checkInPoints = 10;
const bonusSteps = [
  { everyDays: 7, points: 20 },
  { everyDays: 30, points: 100 },
] as const;

/** The bonuses of a streak day: every 7th day 20, every 30th day 100, day 210 both. */
export function bonusesOf(streakDays: number): StreakBonus[] {
  return bonusSteps
    .filter(({ everyDays }) => streakDays > 0 && streakDays % everyDays === 0)
    .map(({ points }) => ({ streakDays, points }));
}

/** The next streak day that gives a bonus, and how much it gives in all. */
export function nextBonus(streakDays: number): StreakBonus {
  const next = Math.min(...bonusSteps.map(({ everyDays }) => (Math.floor(streakDays / everyDays) + 1) * everyDays));
  return { streakDays: next, points: bonusesOf(next).reduce((sum, { points }) => sum + points, 0) };
}

/** How long the streak is on `day` before a check-in on it: yesterday's streak is alive, an older one is broken. */
export function aliveStreak(last: LastCheckIn | null, day: string): number {
  if (!last) return 0;
  return last.day === day || last.day === addDays(day, -1) ? last.streakDays : 0;
}

export interface DecidedCheckIn {
  readonly streakDays: number;
  readonly totalDays: number;
  readonly bonuses: StreakBonus[];
  /** Base points and bonuses together. */
  readonly points: number;
}

/** What a check-in on `day` is worth, or null when that day (or a later one) is checked in already. */
export function decideCheckIn(last: LastCheckIn | null, day: string): DecidedCheckIn | null {
  if (last && last.day >= day) return null;
  const streakDays = aliveStreak(last, day) + 1;
  const bonuses = bonusesOf(streakDays);
  const points = checkInPoints + bonuses.reduce((sum, bonus) => sum + bonus.points, 0);
  return { streakDays, totalDays: (last?.totalDays ?? 0) + 1, bonuses, points };
}
