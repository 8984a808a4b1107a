import { addDays, communityDay, communityDayEnd, daysBetween } from '#calendar';

export const daysAtMost = 31;
const hourMs = 3_600_000;

/** What is wrong with a range of days, as a stable word; null when it can be answered. */
export function rangeProblem(fromDay: string, untilDay: string): string | null {
  if (fromDay > untilDay) return 'ends_before_it_begins';
  return daysBetween(fromDay, untilDay) + 1 > daysAtMost ? `more_than_${daysAtMost}_days` : null;
}

/** The first instant of a day on the calendar of `timezone`. */
export function dayStart(day: string, timezone: string): Date {
  // Noon in UTC is the day before, the day itself, or (east of +12) the day after, on every calendar of the world.
  let inside = new Date(`${addDays(day, -1)}T12:00:00Z`);
  while (communityDay(inside, timezone) >= day) inside = new Date(inside.getTime() - 6 * hourMs);
  for (;;) {
    const end = communityDayEnd(inside, timezone);
    if (communityDay(end, timezone) >= day) return end;
    inside = end;
  }
}

export interface Flow {
  issued: number;
  spent: number;
}

/** Adds a record to what was issued or spent. */
export function addFlow(flow: Flow, points: number): Flow {
  return points > 0 ? { ...flow, issued: flow.issued + points } : { ...flow, spent: flow.spent - points };
}
