import { addDays, communityDay, communityDayStart, daysBetween } from '#calendar';
import {
  continues,
  daysLookedAtAtMost,
  noSteps,
  nothingProtected,
  stepsDue,
  streakSteps,
  type IsProtected,
  type Steps,
} from './streak.rules.js';

/** What is known of a member's check-ins under the lock of the account. */
export interface CheckInState {
  /** The last day that counts, checked in or made up; null before the first. */
  readonly day: string | null;
  readonly streakDays: number;
  /** Steps of this streak that have been rewarded. */
  readonly rewarded: Steps;
  readonly totalDays: number;
  /** On whose calendar the last day was counted; null before the first. */
  readonly timezone: string | null;
  /** The pace of a check-in a day, from the first one on: `earliestMs` reads it. */
  readonly nextAt: Date | null;
  readonly makeupCards: number;
}

/** When and on whose calendar somebody checks in. */
export interface Moment {
  readonly now: Date;
  readonly timezone: string;
}

export interface StreakBonus {
  readonly streakDays: number;
  readonly points: number;
}

/** P-02, P-03: figures of the source documents. */
export const checkInPoints = 10;
export const makeupCardsAtStart = 3;
/** Cards that are earned beyond it are lost; nobody needs more than fit into the window of months. */
export const makeupCardsAtMost = 99;
const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
/** A date of which less was left, when a check-in became possible on a calendar that is ahead, was none to be missed. */
const usableMs = 12 * hourMs;
/** Clocks that are put forward make a day shorter by so much at most. */
const clockChangeAtMostMs = 2 * hourMs;

/** The bonuses of steps that have become due on a streak day: every 7th day 20, every 30th day 100, day 210 both. */
export function bonusesOf(streakDays: number, due: Steps): StreakBonus[] {
  const bonus = (count: number, points: number): StreakBonus[] =>
    count > 0 ? [{ streakDays, points: count * points }] : [];
  return [...bonus(due.weeks, streakSteps.weeks.points), ...bonus(due.months, streakSteps.months.points)];
}

/**
 * The next streak day that gives a bonus, and how much it gives in all. A step that was rewarded already, in a run that an amnesty
 * had made longer, gives nothing again.
 */
export function nextBonus(streakDays: number, rewarded: Steps): StreakBonus {
  const steps = (['weeks', 'months'] as const).map((name) => {
    const { everyDays, points } = streakSteps[name];
    return { day: (Math.max(Math.floor(streakDays / everyDays), rewarded[name]) + 1) * everyDays, points };
  });
  const next = Math.min(...steps.map(({ day }) => day));
  return { streakDays: next, points: steps.reduce((sum, { day, points }) => sum + (day === next ? points : 0), 0) };
}

export function withCards(cards: number, earned: number): number {
  return Math.max(cards, Math.min(makeupCardsAtMost, cards + earned));
}

/**
 * Before this moment a new date is no new day. Whoever moves to a calendar that is ahead waits until the last day is over on the
 * calendar it was counted on; and however often the time zone changes, 24k hours (less a change of the clocks) hold at most k + 1
 * check-ins, as at home. 0 when nothing has to be waited for.
 */
function earliestMs(state: CheckInState, timezone: string): number {
  const { day, nextAt } = state;
  if (day === null) return 0;
  const byPace = nextAt === null ? 0 : nextAt.getTime() - clockChangeAtMostMs;
  const byCalendar = hasMoved(state, timezone) ? communityDayStart(addDays(day, 1), state.timezone).getTime() : 0;
  return Math.max(byPace, byCalendar);
}

function hasMoved(state: CheckInState, timezone: string): state is CheckInState & { timezone: string } {
  return state.timezone !== null && state.timezone !== timezone;
}

/**
 * Dates between the last day and today that hardly existed for the member, because the calendar has been changed to one that is
 * ahead: a day that nobody could use breaks no streak. 0 when the streak goes on by itself, null when it is broken.
 */
export function skippedDays(state: CheckInState, { now, timezone }: Moment, isProtected: IsProtected): number | null {
  if (state.day === null) return null;
  const today = communityDay(now, timezone);
  const gap = daysBetween(state.day, today);
  if (gap <= 0 || continues(state.day, { day: today, skippedDays: 0 }, isProtected)) return 0;
  if (!hasMoved(state, timezone) || gap - 1 > daysLookedAtAtMost) return null;
  const usableFromMs = earliestMs(state, timezone) + usableMs;
  const tooShort = (day: string): boolean => communityDayStart(addDays(day, 1), timezone).getTime() <= usableFromMs;
  const missed = daysOf(addDays(state.day, 1), addDays(today, -1));
  return missed.every((day) => isProtected(day) || tooShort(day)) ? missed.length : null;
}

/** How long the streak is before a check-in: yesterday's streak is alive, an older one is broken. */
export function aliveStreak(state: CheckInState, moment: Moment, isProtected: IsProtected = nothingProtected): number {
  return skippedDays(state, moment, isProtected) === null ? 0 : state.streakDays;
}

export interface DecidedCheckIn {
  readonly day: string;
  readonly skippedDays: number;
  readonly bonuses: readonly StreakBonus[];
  /** Base points and bonuses together. */
  readonly points: number;
  readonly cardsEarned: number;
  readonly after: CheckInState;
}

export type CheckInDecision =
  | { readonly outcome: 'accepted'; readonly checkIn: DecidedCheckIn }
  | { readonly outcome: 'already_done'; readonly day: string }
  | { readonly outcome: 'too_soon'; readonly nextAt: Date };

/** What a check-in is worth, or why there is none now. */
export function decideCheckIn(
  state: CheckInState,
  moment: Moment,
  isProtected: IsProtected = nothingProtected,
): CheckInDecision {
  const { now, timezone } = moment;
  const day = communityDay(now, timezone);
  if (state.day !== null && state.day >= day) return { outcome: 'already_done', day: state.day };
  const earliest = earliestMs(state, timezone);
  if (now.getTime() < earliest) return { outcome: 'too_soon', nextAt: new Date(earliest) };
  const skipped = skippedDays(state, moment, isProtected);
  const streakDays = skipped === null ? 1 : state.streakDays + 1;
  const rewardedBefore = skipped === null ? noSteps : state.rewarded;
  const due = stepsDue(streakDays, rewardedBefore);
  const bonuses = bonusesOf(streakDays, due);
  const cardsEarned = due.weeks * streakSteps.weeks.cards + due.months * streakSteps.months.cards;
  const nextAt = new Date(Math.max(now.getTime(), state.nextAt === null ? 0 : state.nextAt.getTime() + dayMs));
  return {
    outcome: 'accepted',
    checkIn: {
      day,
      skippedDays: skipped ?? 0,
      bonuses,
      points: checkInPoints + bonuses.reduce((sum, bonus) => sum + bonus.points, 0),
      cardsEarned,
      after: {
        day,
        streakDays,
        rewarded: { weeks: rewardedBefore.weeks + due.weeks, months: rewardedBefore.months + due.months },
        totalDays: state.totalDays + 1,
        timezone,
        nextAt,
        makeupCards: withCards(state.makeupCards, cardsEarned),
      },
    },
  };
}

/** Dates of a month or window that were missed and may be made up are looked for one by one. */
export function daysOf(first: string, last: string): string[] {
  return Array.from({ length: Math.max(0, daysBetween(first, last) + 1) }, (_, index) => addDays(first, index));
}
