import { addDays, communityDay } from '#calendar';

/** When a member wants to be reminded: at a time of their own day. */
export interface ReminderWish {
  /** `HH:MM` */
  readonly time: string;
  readonly timezone: string;
}

const minuteMs = 60_000;
/** Where clocks jump, the first guess may be off by the jump. */
const correctionsAtMost = 3;
const formatters = new Map<string, Intl.DateTimeFormat>();

/** The next instant after `now` at which the clock on the member's wall shows the time; where that time is skipped, one close to it. */
export function nextReminderAt(now: Date, wish: ReminderWish): Date {
  const today = communityDay(now, wish.timezone);
  for (const day of [today, addDays(today, 1), addDays(today, 2)]) {
    const at = instantOf(day, wish);
    if (at > now) return at;
  }
  throw new RangeError(`no ${wish.time} after ${now.toISOString()} in ${wish.timezone}`);
}

/** A reminder that comes late, after an outage, is worth its message as long as it is still the day it was meant for. */
export function isWorthReminding(dueAt: Date, now: Date, timezone: string): boolean {
  return communityDay(dueAt, timezone) === communityDay(now, timezone);
}

function instantOf(day: string, { time, timezone }: ReminderWish): Date {
  const wanted = Date.parse(`${day}T${time}:00Z`);
  let instant = wanted;
  for (let correction = 0; correction < correctionsAtMost; correction += 1) {
    const offBy = wanted - wallClockOf(instant, timezone);
    if (offBy === 0) break;
    instant += offBy;
  }
  return new Date(instant);
}

/** What the clock on the wall shows, as if it were UTC. */
function wallClockOf(instant: number, timezone: string): number {
  const known = formatters.get(timezone);
  const formatter =
    known ??
    new Intl.DateTimeFormat('en-CA', {
      timeZone: timezone,
      hourCycle: 'h23',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
    });
  if (!known) formatters.set(timezone, formatter);
  const parts = Object.fromEntries(formatter.formatToParts(instant).map(({ type, value }) => [type, value]));
  const shown = `${parts['year']}-${parts['month']}-${parts['day']}T${parts['hour']}:${parts['minute']}:00Z`;
  return Date.parse(shown) + (((instant % minuteMs) + minuteMs) % minuteMs);
}
