import { z } from 'zod';
import { daySchema, monthSchema, type GetCheckInCalendar, type OutputOf } from '#contracts';
import { defineCallback } from '../callback.data.js';
import { formatWeekday } from '../locale.format.js';
import type { Visit } from '../member/visit.client.js';
import type { MenuEntry } from '../menu.types.js';
import { button, type ButtonRows } from '../telegram/answer.sender.js';
import { menuButton } from './menu.view.js';

export type CalendarMonth = OutputOf<typeof GetCheckInCalendar>;

export const calendarMonthPress = defineCallback('calendar_month', z.object({ month: monthSchema }));
export const makeupAskPress = defineCallback('makeup_ask', z.object({ day: daySchema }));
export const makeupDoPress = defineCallback('makeup_do', z.object({ day: daySchema }));

export const calendarEntry: MenuEntry = {
  section: 'points',
  order: 30,
  label: 'calendar.button',
  press: defineCallback('calendar'),
  command: { name: 'calendar', description: 'calendar.command', scopes: ['private'] },
};

export const makeupEntry: MenuEntry = {
  section: 'points',
  order: 31,
  label: 'calendar.makeup_button',
  press: defineCallback('makeup'),
  command: { name: 'makeup', description: 'calendar.makeup_command', scopes: ['private'] },
};

const daysPerWeek = 7;
const dayMs = 86_400_000;
const nothing = '·';
/** Before it there was no platform; an endless way back helps nobody. */
const earliestMonth = '2020-01';

/** Monday to Sunday, a button for each date; what cannot be pressed usefully shows the month again. */
export function calendarRows(visit: Visit, calendar: CalendarMonth): ButtonRows {
  const { month } = calendar;
  const same = calendarMonthPress.pack({ month });
  const first = Date.parse(`${month}-01`);
  const lead = (new Date(first).getUTCDay() + daysPerWeek - 1) % daysPerWeek;
  const length = (Date.parse(`${monthAfter(month, 1)}-01`) - first) / dayMs;
  const marks = new Map(calendar.days.map((mark) => [mark.day, mark.kind]));
  const open = new Set(calendar.makeup_cards > 0 && calendar.makeups_left_today > 0 ? calendar.can_make_up : []);
  const dates = Array.from({ length }, (_, index) => new Date(first + index * dayMs).toISOString().slice(0, 10));
  const cells = dates.map((date) => {
    const label = labelOf(date, marks.get(date), open.has(date));
    return button(label, open.has(date) ? makeupAskPress.pack({ day: date }) : same);
  });
  const fill = (count: number): ButtonRows[number] => Array.from({ length: count }, () => button(nothing, same));
  const all = [...fill(lead), ...cells, ...fill((daysPerWeek - ((lead + length) % daysPerWeek)) % daysPerWeek)];
  const weekdays = Array.from({ length: daysPerWeek }, (_, index) => button(formatWeekday(visit.locale, index), same));
  return [weekdays, ...inRows(all), turningRow(calendar, visit)];
}

function labelOf(date: string, kind: CalendarMonth['days'][number]['kind'] | undefined, isOpen: boolean): string {
  const number = String(Number(date.slice(8)));
  if (isOpen) return `${number} ✏️`;
  switch (kind) {
    case 'check_in':
      return '✅';
    case 'makeup':
      return '🃏';
    case 'protected':
      return '🛡';
    case undefined:
      return number;
  }
}

function inRows(cells: ButtonRows[number]): ButtonRows {
  return Array.from({ length: cells.length / daysPerWeek }, (_, row) =>
    cells.slice(row * daysPerWeek, (row + 1) * daysPerWeek),
  );
}

function turningRow({ month, today }: CalendarMonth, visit: Visit): ButtonRows[number] {
  const turn = (label: string, to: string) => button(label, calendarMonthPress.pack({ month: to }));
  return [
    ...(month > earliestMonth ? [turn('◀️', monthAfter(month, -1))] : []),
    ...(month < today.slice(0, 7) ? [turn('▶️', monthAfter(month, 1))] : []),
    menuButton(visit),
  ];
}

/** The month so many months later (or before). */
export function monthAfter(month: string, months: number): string {
  const [year, number] = month.split('-').map(Number) as [number, number];
  return new Date(Date.UTC(year, number - 1 + months, 1)).toISOString().slice(0, 7);
}
