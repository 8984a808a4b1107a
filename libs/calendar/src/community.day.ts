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
/** A quarter of an hour that was asked for twice and lies within one day, as nearly all do. */
const knownQuarters = new Map<string, KnownDay>();
const askedQuarters = new Map<string, number>();
const quarterMs = 900_000;

function knownDayOf(now: Date, timezone: string, among = knownDays): KnownDay | undefined {
  const known = among.get(timezone);
  return known && known.from <= now.getTime() && now.getTime() < known.until ? known : undefined;
}

/** The one place that says which day it is for the community: `YYYY-MM-DD` on the calendar of `timezone`. */
export function communityDay(now: Date, timezone: string): string {
  const known = knownDayOf(now, timezone) ?? knownDayOf(now, timezone, knownQuarters);
  if (known) return known.day;
  const day = formatterOf(timezone).format(now);
  rememberQuarter(now.getTime(), day, timezone);
  return day;
}

/** Whoever asks for this moment all the time need not ask the calendar each time. */
function rememberQuarter(now: number, day: string, timezone: string): void {
  const from = Math.floor(now / quarterMs) * quarterMs;
  const until = from + quarterMs;
  const isAskedAgain = askedQuarters.get(timezone) === from;
  askedQuarters.set(timezone, from);
  const formatter = formatterOf(timezone);
  if (isAskedAgain && formatter.format(from) === day && formatter.format(until - 1) === day)
    knownQuarters.set(timezone, { day, from, until });
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

const minuteMs = 60_000;
/** Days have 22 to 26 hours. */
const longestDayMs = 27 * 3_600_000;

/** The first instant that no longer belongs to the day of `now`; found by search, because days have 22 to 26 hours. */
export function communityDayEnd(now: Date, timezone: string): Date {
  const known = knownDayOf(now, timezone);
  if (known) return new Date(known.until);
  const today = communityDay(now, timezone);
  const from = now.getTime();
  const outside = firstInstant(from, from + longestDayMs, (at) => communityDay(new Date(at), timezone) !== today);
  knownDays.set(timezone, { day: today, from: now.getTime(), until: outside });
  return new Date(outside);
}

/** The first instant of a calendar day; where midnight does not exist, the first that does. */
export function communityDayStart(day: string, timezone: string): Date {
  const midnight = Date.parse(`${day}T00:00:00Z`);
  const isThere = (at: number): boolean => communityDay(new Date(at), timezone) >= day;
  return new Date(firstInstant(midnight - longestDayMs, midnight + longestDayMs, isThere));
}

/**
 * The first instant behind `before` at which something holds that holds at `until` and does not at `before`. Calendars change on
 * full minutes, so these are searched first, and milliseconds only where one does not.
 */
function firstInstant(before: number, until: number, holds: (at: number) => boolean): number {
  const minute = firstOf(Math.floor(before / minuteMs), Math.ceil(until / minuteMs), (at) => holds(at * minuteMs));
  const at = minute * minuteMs;
  if (at - 1 > before && !holds(at - 1)) return at;
  return firstOf(Math.max(before, at - minuteMs), at, holds);
}

/** The first number above `low` for which it holds, when it does for `high`. */
function firstOf(low: number, high: number, holds: (number: number) => boolean): number {
  let [before, after] = [low, high];
  while (after - before > 1) {
    const middle = Math.floor((before + after) / 2);
    if (holds(middle)) after = middle;
    else before = middle;
  }
  return after;
}
