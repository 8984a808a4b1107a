import { addDays, communityDay, communityDayStart, daysBetween } from '#calendar';

const daysAtMost = 92;

/** The first day of a period of so many days that ends today, on the community's calendar. */
export function periodStart(now: Date, days: number, timezone: string): string {
  return addDays(communityDay(now, timezone), 1 - days);
}

/** Every day from the first to the last, at most 92; null when that is none or more. */
export function daysFrom(from: string, to: string): string[] | null {
  const count = daysBetween(from, to) + 1;
  if (count < 1 || count > daysAtMost) return null;
  return Array.from({ length: count }, (_, index) => addDays(from, index));
}

/** One day of the community, from its first instant to that of the next. */
export interface DaySpan {
  readonly day: string;
  readonly startsAt: Date;
  readonly endsAt: Date;
}

export function spansOf(days: readonly string[], timezone: string): DaySpan[] {
  return days.map((day) => ({
    day,
    startsAt: communityDayStart(day, timezone),
    endsAt: communityDayStart(addDays(day, 1), timezone),
  }));
}
