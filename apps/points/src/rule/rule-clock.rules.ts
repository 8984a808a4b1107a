import type { Facts } from './rule-condition.rules.js';

const formatters = new Map<string, Intl.DateTimeFormat>();
const weekdays = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];

/** What the community's clock shows at `time`: the hour from 0 to 23, the weekday from 1 (Monday) to 7. */
export function timeFactsOf(time: Date, timezone: string): Facts {
  const parts = formatterOf(timezone).formatToParts(time);
  const value = (type: 'hour' | 'weekday'): string => parts.find((part) => part.type === type)?.value ?? '';
  return { hour: Number(value('hour')), weekday: weekdays.indexOf(value('weekday')) + 1 };
}

function formatterOf(timezone: string): Intl.DateTimeFormat {
  const known = formatters.get(timezone);
  if (known) return known;
  const options = { timeZone: timezone, weekday: 'short', hour: '2-digit', hourCycle: 'h23' } as const;
  const formatter = new Intl.DateTimeFormat('en-GB', options);
  formatters.set(timezone, formatter);
  return formatter;
}
