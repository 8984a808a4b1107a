import type { ErrorName } from '#contracts';
import { addDays, daysBetween } from '#calendar';

/** P-03: figures of the source documents. */
export const makeupWindowDays = 30;
export const makeupsPerDayAtMost = 2;

export interface MakeupSituation {
  /** Today, and the day of the registration, on the member's calendar. */
  readonly today: string;
  readonly registeredOn: string;
  readonly cards: number;
  /** Days made up today already, on the community's calendar. */
  readonly madeUpToday: number;
  readonly isMarked: (day: string) => boolean;
}

export type MakeupProblem = Extract<ErrorName, `makeup.${string}`>;

/** The oldest day that may be made up. */
export function oldestMakeupDay({ today, registeredOn }: Pick<MakeupSituation, 'today' | 'registeredOn'>): string {
  const windowStart = addDays(today, -makeupWindowDays);
  return registeredOn > windowStart ? registeredOn : windowStart;
}

/** Why a day cannot be made up; null when it can. What is wrong with the day itself comes before what the member lacks. */
export function makeupProblem(day: string, situation: MakeupSituation): MakeupProblem | null {
  const { today, registeredOn, cards, madeUpToday, isMarked } = situation;
  if (day >= today) return 'makeup.day_not_over';
  if (isMarked(day)) return 'makeup.already_checked_in';
  if (day < registeredOn) return 'makeup.before_registration';
  if (daysBetween(day, today) > makeupWindowDays) return 'makeup.outside_window';
  if (madeUpToday >= makeupsPerDayAtMost) return 'makeup.daily_limit';
  return cards < 1 ? 'makeup.no_card' : null;
}
