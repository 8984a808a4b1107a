import { addDays, daysBetween } from '#calendar';

export const amnestyDaysAtMost = 31;
/** Older days cannot be made up or counted anew; later ones are for maintenance that is announced. */
export const amnestyReachesBackDays = 60;
export const amnestyReachesAheadDays = 30;

/** What is wrong with the window of one that shall be taken back: streaks are counted anew from the days that are read, no further. */
export function amnestyUndoProblem({ until_day }: { until_day: string }, today: string): string | null {
  return until_day < addDays(today, -amnestyReachesBackDays) ? `more_than_${amnestyReachesBackDays}_days_ago` : null;
}

/** What is wrong with a window, as a stable word; null when it can be declared. */
export function amnestyProblem(window: { from_day: string; until_day: string }, today: string): string | null {
  const { from_day, until_day } = window;
  if (from_day > until_day) return 'ends_before_it_begins';
  if (daysBetween(from_day, until_day) + 1 > amnestyDaysAtMost) return `more_than_${amnestyDaysAtMost}_days`;
  if (from_day < addDays(today, -amnestyReachesBackDays)) return `more_than_${amnestyReachesBackDays}_days_ago`;
  if (until_day > addDays(today, amnestyReachesAheadDays)) return `more_than_${amnestyReachesAheadDays}_days_ahead`;
  return null;
}
