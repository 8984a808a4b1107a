import { daySchema } from '#contracts';
import { parseTime } from './typed-time.rules.js';

/** Since when and until when something holds, as ISO 8601; null for without a beginning or an end. */
export interface TypedWindow {
  readonly from: string | null;
  readonly until: string;
}

const day = /^(?:[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}|[0-9]{1,2}\.[0-9]{1,2}\.[0-9]{4})$/;
const linesAtMost = 2;

/**
 * One line is the end, two are the beginning and the end: each a day (`2031-05-04`, `04.05.2031`), which counts whole, or a day with a
 * time, on the clocks of `timezone`. Null when it is neither, or ends before it begins.
 */
export function parseWindow(text: string, timezone: string): TypedWindow | null {
  const lines = plainLines(text);
  if (lines.length === 0 || lines.length > linesAtMost) return null;
  const [first = '', second] = lines;
  const until = timeOf(second ?? first, '23:59', timezone);
  const from = second === undefined ? null : timeOf(first, '00:00', timezone);
  if (until === null || (second !== undefined && from === null)) return null;
  return from !== null && from >= until ? null : { from, until };
}

/** Days of the calendar, `YYYY-MM-DD`: one line or two; null when the calendar has no such days or they are in the wrong order. */
export function parseDayRange(text: string): { readonly from: string; readonly until: string } | null {
  const lines = plainLines(text);
  if (lines.length === 0 || lines.length > linesAtMost) return null;
  const [first = '', second = first] = lines;
  const [from, until] = [dayOf(first), dayOf(second)];
  return from === null || until === null || from > until ? null : { from, until };
}

function dayOf(line: string): string | null {
  const found = day.test(line) ? parseTime(`${line} 00:00`, 'UTC')?.slice(0, 10) : undefined;
  return daySchema.safeParse(found).data ?? null;
}

function timeOf(line: string, clock: string, timezone: string): string | null {
  return parseTime(day.test(line) ? `${line} ${clock}` : line, timezone);
}

function plainLines(text: string): string[] {
  const plain = text.normalize('NFKC').replaceAll(/[−–—]/g, '-');
  return plain
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
}
