const formatters = new Map<string, Intl.DateTimeFormat>();

function formatterOf(timezone: string): Intl.DateTimeFormat {
  const known = formatters.get(timezone);
  if (known) return known;
  const formatter = new Intl.DateTimeFormat('en-CA', {
    timeZone: timezone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
  });
  formatters.set(timezone, formatter);
  return formatter;
}

interface KnownDay {
  readonly day: string;
  /** Instants of the day: `from` and all up to, not including, `until`. */
  readonly from: number;
  readonly until: number;
}

/** The last day whose end was looked for, by time zone: the calendar is asked once a day instead of at every request. */
const knownDays = new Map<string, KnownDay>();

function knownDayOf(now: Date, timezone: string): KnownDay | undefined {
  const known = knownDays.get(timezone);
  return known && known.from <= now.getTime() && now.getTime() < known.until ? known : undefined;
}

/** The one place that says which day it is for the community: `YYYY-MM-DD` on the calendar of `timezone`. */
export function communityDay(now: Date, timezone: string): string {
  return knownDayOf(now, timezone)?.day ?? formatterOf(timezone).format(now);
}

/** The calendar day `days` after (or before) a day; days are dates here, so no clock change can shorten one. */
export function addDays(day: string, days: number): string {
  const [year, month, date] = day.split('-').map(Number) as [number, number, number];
  return new Date(Date.UTC(year, month - 1, date + days)).toISOString().slice(0, 10);
}

const dayMs = 86_400_000;

/** How many dates `later` is after `earlier`; negative when it is before. */
export function daysBetween(earlier: string, later: string): number {
  return (Date.parse(later) - Date.parse(earlier)) / dayMs;
}

/** First and last date of a month, `YYYY-MM`. */
export function monthBounds(month: string): { first: string; last: string } {
  const [year, number] = month.split('-').map(Number) as [number, number];
  const first = `${month}-01`;
  return { first, last: new Date(Date.UTC(year, number, 0)).toISOString().slice(0, 10) };
}

const hourMs = 3_600_000;

/** The first instant that no longer belongs to the day of `now`; found by search, because days have 22 to 26 hours. */
export function communityDayEnd(now: Date, timezone: string): Date {
  const known = knownDayOf(now, timezone);
  if (known) return new Date(known.until);
  const today = communityDay(now, timezone);
  let inside = now.getTime();
  let outside = inside + 27 * hourMs;
  while (outside - inside > 1) {
    const middle = Math.floor((inside + outside) / 2);
    if (communityDay(new Date(middle), timezone) === today) inside = middle;
    else outside = middle;
  }
  knownDays.set(timezone, { day: today, from: now.getTime(), until: outside });
  return new Date(outside);
}

/** The first instant of a calendar day; where midnight does not exist, the first that does. */
export function communityDayStart(day: string, timezone: string): Date {
  const midnight = Date.parse(`${day}T00:00:00Z`);
  let before = midnight - 27 * hourMs;
  let inside = midnight + 27 * hourMs;
  while (inside - before > 1) {
    const middle = Math.floor((inside + before) / 2);
    if (communityDay(new Date(middle), timezone) >= day) inside = middle;
    else before = middle;
  }
  return new Date(inside);
}
