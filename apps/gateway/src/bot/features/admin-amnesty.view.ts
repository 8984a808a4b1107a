import type { ListAmnesties, OutputOf } from '#contracts';
import { formatDateTime, formatDay, formatNumber } from '../locale.format.js';
import type { Visit } from '../member/visit.client.js';
import { button, type ButtonRows } from '../telegram/answer.sender.js';
import {
  amnestiesEntry,
  amnestyListPress,
  amnestyNewPress,
  amnestyPress,
  amnestyUndoPress,
} from './admin-amnesty.keyboard.js';
import { entryButton, menuButton, sectionButton, turningRows } from './menu.view.js';

type Amnesties = OutputOf<typeof ListAmnesties>;
export type Amnesty = Amnesties['items'][number];

export function amnestiesHtml(visit: Visit, { page, page_size, total }: Amnesties): string {
  const pages = Math.max(1, Math.ceil(total / page_size));
  return [
    visit.html('bot_amnesty.title'),
    '',
    visit.html('bot_amnesty.about'),
    '',
    total > 0 ? visit.html('bot_amnesty.choose') : visit.html('bot_amnesty.none'),
    ...(pages > 1 ? ['', visit.html('bot.points.page', { page, pages })] : []),
  ].join('\n');
}

export function amnestiesButtons(visit: Visit, amnesties: Amnesties): ButtonRows {
  const open = amnesties.items.map((amnesty) => [
    button(
      `${amnesty.undone_at === null ? '🕊' : '↩️'} ${daysText(visit, amnesty)}`,
      amnestyPress.pack({ id: amnesty.id, page: amnesties.page }),
    ),
  ]);
  const add = button(visit.text('bot_amnesty.buttons.new'), amnestyNewPress.pack({}));
  return [
    ...open,
    ...turningRows(visit, amnesties, (page) => amnestyListPress.pack({ page })),
    ...(visit.can('amnesty.declare') ? [[add]] : []),
    [sectionButton(visit, 'admin'), menuButton(visit)],
  ];
}

export function amnestyHtml(visit: Visit, amnesty: Amnesty, timezone: string): string {
  const { id, reason, declared_at, declared_by, undone_at, applied_at, members_changed } = amnesty;
  const time = (at: string): string => formatDateTime(visit.locale, at, timezone);
  const by = declared_by === null ? '–' : `#${declared_by}`;
  return [
    visit.html('bot_amnesty.card.title', { id, days: daysText(visit, amnesty) }),
    '',
    visit.html('bot_amnesty.card.reason', { reason }),
    visit.html('bot_amnesty.card.declared', { time: time(declared_at), by }),
    ...(undone_at === null ? [] : [visit.html('bot_amnesty.card.undone', { time: time(undone_at) })]),
    applied_at === null
      ? visit.html('bot_amnesty.card.counting')
      : visit.html('bot_amnesty.card.counted', { number: formatNumber(visit.locale, members_changed) }),
  ].join('\n');
}

export function amnestyButtons(visit: Visit, { id, undone_at }: Amnesty, page: number): ButtonRows {
  const undo = button(visit.text('bot_amnesty.buttons.undo'), amnestyUndoPress.pack({ id }));
  return [
    ...(undone_at === null && visit.can('amnesty.declare') ? [[undo]] : []),
    [button(visit.text('bot_amnesty.buttons.back'), amnestyListPress.pack({ page })), menuButton(visit)],
  ];
}

/** One day, or the first and the last. */
export function daysText(visit: Visit, { from_day, until_day }: Pick<Amnesty, 'from_day' | 'until_day'>): string {
  const [from, until] = [formatDay(visit.locale, from_day), formatDay(visit.locale, until_day)];
  return from === until ? from : `${from} – ${until}`;
}

export function onwardRows(visit: Visit): ButtonRows {
  return [[entryButton(visit, amnestiesEntry)], [sectionButton(visit, 'admin'), menuButton(visit)]];
}
