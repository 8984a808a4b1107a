const typedForm = /^([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})[ T,]+([0-9]{1,2}):([0-9]{2})$/;
const dottedForm = /^([0-9]{1,2})\.([0-9]{1,2})\.([0-9]{4})[ ,]+([0-9]{1,2}):([0-9]{2})$/;
const minuteMs = 60_000;

/**
 * `2031-05-04 18:30` or `04.05.2031 18:30`, also with full-width digits, on the clocks of `timezone`, as ISO 8601; null when it is no
 * time or one that these clocks skip.
 */
export function parseTime(text: string, timezone: string): string | null {
  const plain = text.normalize('NFKC').replaceAll(/[−–—]/g, '-').trim();
  const [, ...parts] = typedForm.exec(plain) ?? [];
  const [, day, month, year, ...clock] = dottedForm.exec(plain) ?? [];
  const numbers = (parts.length > 0 ? parts : [year, month, day, ...clock]).map(Number);
  const wanted = utcOf(numbers);
  if (wanted === null) return null;
  // The offset may change between the guess and the time that is meant: the second look settles it.
  const guess = wanted - offsetMs(wanted, timezone);
  const found = wanted - offsetMs(guess, timezone);
  return found + offsetMs(found, timezone) === wanted ? new Date(found).toISOString() : null;
}

/** As if the clocks were UTC; null when the calendar has no such day or the clock no such time. */
function utcOf([year = NaN, month = NaN, day = NaN, hour = NaN, minute = NaN]: readonly number[]): number | null {
  const time = Date.UTC(year, month - 1, day, hour, minute);
  if (Number.isNaN(time)) return null;
  const date = new Date(time);
  // Years before 100 would be taken for those of the last century.
  const isDay = date.getUTCFullYear() === year && date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
  return isDay && date.getUTCHours() === hour && minute < 60 ? time : null;
}

function offsetMs(time: number, timezone: string): number {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: timezone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
  });
  const part = (type: Intl.DateTimeFormatPartTypes, parts: Intl.DateTimeFormatPart[]): number =>
    Number(parts.find((one) => one.type === type)?.value);
  const parts = format.formatToParts(time);
  const shown = Date.UTC(
    part('year', parts),
    part('month', parts) - 1,
    part('day', parts),
    part('hour', parts),
    part('minute', parts),
  );
  return shown - Math.floor(time / minuteMs) * minuteMs;
}
