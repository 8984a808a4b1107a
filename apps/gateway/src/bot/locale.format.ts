import type { Locale } from '#contracts';

/** Day before month and 24 hours, as in the other languages and most of the world. */
const tags: Record<Locale, string> = { zh: 'zh-CN', en: 'en-GB', ru: 'ru-RU' };

const formatters = new Map<string, Intl.DateTimeFormat>();

function dateFormatter(locale: Locale, timezone: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = JSON.stringify([locale, timezone, options]);
  const known = formatters.get(key);
  if (known) return known;
  const formatter = new Intl.DateTimeFormat(tags[locale], { ...options, timeZone: timezone });
  formatters.set(key, formatter);
  return formatter;
}

/** `time` is ISO 8601; the result is on the calendar of `timezone`. */
export function formatDateTime(locale: Locale, time: string, timezone: string): string {
  return dateFormatter(locale, timezone, { dateStyle: 'long', timeStyle: 'short' }).format(new Date(time));
}

export function formatDate(locale: Locale, time: string, timezone: string): string {
  return dateFormatter(locale, timezone, { dateStyle: 'long' }).format(new Date(time));
}

export function formatTime(locale: Locale, time: string, timezone: string): string {
  return dateFormatter(locale, timezone, { timeStyle: 'short' }).format(new Date(time));
}

export function formatShortDateTime(locale: Locale, time: string, timezone: string): string {
  return dateFormatter(locale, timezone, { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' }).format(
    new Date(time),
  );
}

/** `month` is `YYYY-MM`. */
export function formatMonth(locale: Locale, month: string): string {
  return dateFormatter(locale, 'UTC', { year: 'numeric', month: 'long' }).format(new Date(`${month}-01`));
}

/** `day` is `YYYY-MM-DD`: a date of the calendar, in no time zone. */
export function formatDay(locale: Locale, day: string): string {
  return formatDate(locale, `${day}T00:00:00Z`, 'UTC');
}

/** The short name of a day of the week, 0 for Monday. */
export function formatWeekday(locale: Locale, index: number): string {
  // A week that begins on a Monday.
  return dateFormatter(locale, 'UTC', { weekday: 'short' }).format(new Date(Date.UTC(2024, 0, 1 + index)));
}

export function formatNumber(locale: Locale, value: number): string {
  return new Intl.NumberFormat(tags[locale]).format(value);
}

/** With its sign, also when it is positive. */
export function formatSigned(locale: Locale, value: number): string {
  return new Intl.NumberFormat(tags[locale], { signDisplay: 'exceptZero' }).format(value);
}

/** Hours and minutes, rounded up to a full minute. */
export function formatDuration(locale: Locale, milliseconds: number): string {
  const minutes = Math.max(1, Math.ceil(milliseconds / 60_000));
  const parts: [number, string][] = [
    [Math.floor(minutes / 60), 'hour'],
    [minutes % 60, 'minute'],
  ];
  return parts
    .filter(([value]) => value > 0)
    .map(([value, unit]) =>
      new Intl.NumberFormat(tags[locale], { style: 'unit', unit, unitDisplay: 'short' }).format(value),
    )
    .join(' ');
}
