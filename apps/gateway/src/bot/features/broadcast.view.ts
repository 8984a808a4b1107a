import { locales, type Broadcast, type BroadcastStatus, type ListBroadcasts, type OutputOf } from '#contracts';
import { formatDateTime, formatNumber } from '../locale.format.js';
import type { Visit } from '../member/visit.client.js';
import { button, type ButtonRows } from '../telegram/answer.sender.js';
import { audienceLines } from './broadcast-audience.view.js';
import {
  broadcastAudiencePress,
  broadcastCancelPress,
  broadcastListPress,
  broadcastNewPress,
  broadcastPress,
  broadcastPreviewPress,
  broadcastsEntry,
  broadcastSteerPress,
  broadcastTestPress,
  broadcastTextPress,
  broadcastTimePress,
} from './broadcast.keyboard.js';
import { languageNames } from './language.view.js';
import { entryButton, menuButton, sectionButton, turningRows } from './menu.view.js';

type Broadcasts = OutputOf<typeof ListBroadcasts>;

const signs: Record<BroadcastStatus, string> = {
  draft: '✏️',
  scheduled: '🕒',
  sending: '📤',
  paused: '⏸',
  finished: '✅',
  cancelled: '✖️',
  expired: '⌛',
};
const titleAtMost = 40;

export function broadcastsHtml(visit: Visit, { items, page, page_size, total }: Broadcasts): string {
  const pages = Math.max(1, Math.ceil(total / page_size));
  const lines = items.map(({ id, title, status, progress }) => {
    const what = visit.html('broadcasts.line', { id, title, status: statusText(visit, status) });
    if (progress.recipients === null) return `${signs[status]} ${what}`;
    const sent = formatNumber(visit.locale, progress.sent);
    const counts = visit.html('broadcasts.line_sent', { sent, of: formatNumber(visit.locale, progress.recipients) });
    return `${signs[status]} ${what} · ${counts}`;
  });
  return [
    visit.html('broadcasts.title'),
    '',
    ...(lines.length > 0 ? lines : [visit.html('broadcasts.none')]),
    ...(pages > 1 ? ['', visit.html('bot.points.page', { page, pages })] : []),
  ].join('\n');
}

export function broadcastsButtons(visit: Visit, broadcasts: Broadcasts): ButtonRows {
  const open = broadcasts.items.map(({ id, title, status }) => [
    button(`${signs[status]} ${[...title].slice(0, titleAtMost).join('')}`, broadcastPress.pack({ id })),
  ]);
  return [
    ...open,
    ...turningRows(visit, broadcasts, (page) => broadcastListPress.pack({ page })),
    ...(visit.can('broadcast.write')
      ? [[button(visit.text('broadcasts.buttons.new'), broadcastNewPress.pack({}))]]
      : []),
    [sectionButton(visit, 'admin'), menuButton(visit)],
  ];
}

/** Everything about one: what it says to whom, and how far it has come. */
export function broadcastHtml(visit: Visit, broadcast: Broadcast, groupTitle: string | null, timezone: string): string {
  const { title, texts, status, starts_at, progress } = broadcast;
  const written = locales.filter((locale) => texts[locale] !== undefined).map((locale) => languageNames[locale]);
  const when =
    starts_at === null ? visit.text('broadcasts.at_once') : formatDateTime(visit.locale, starts_at, timezone);
  return [
    visit.html('broadcasts.card.title', { title }),
    `${signs[status]} ${statusText(visit, status)}`,
    '',
    visit.html('broadcasts.card.written', { languages: written.join(', ') }),
    ...audienceLines(visit, broadcast, groupTitle),
    ...(status === 'draft' || starts_at !== null ? [visit.html('broadcasts.card.when', { when })] : []),
    ...(progress.recipients === null ? [] : ['', ...progressLines(visit, progress)]),
  ].join('\n');
}

function progressLines(visit: Visit, progress: Broadcast['progress']): string[] {
  const amount = (number: number): string => formatNumber(visit.locale, number);
  const { recipients, sent, waiting, failed, cancelled, left_out } = progress;
  return [
    visit.html('broadcasts.progress.sent', { sent: amount(sent), of: amount(recipients ?? 0) }),
    ...(waiting > 0 ? [visit.html('broadcasts.progress.waiting', { number: amount(waiting) })] : []),
    ...(failed > 0 ? [visit.html('broadcasts.progress.failed', { number: amount(failed) })] : []),
    ...(cancelled > 0 ? [visit.html('broadcasts.progress.cancelled', { number: amount(cancelled) })] : []),
    ...(left_out > 0 ? [visit.html('broadcasts.progress.left_out', { number: amount(left_out) })] : []),
  ];
}

/** What can be done with it now. */
export function broadcastButtons(visit: Visit, broadcast: Broadcast): ButtonRows {
  return [
    ...(broadcast.status === 'draft' ? draftButtons(visit, broadcast) : steeringButtons(visit, broadcast)),
    [entryButton(visit, broadcastsEntry), menuButton(visit)],
  ];
}

function draftButtons(visit: Visit, { id, texts }: Broadcast): ButtonRows {
  const preview = [button(visit.text('broadcasts.buttons.preview'), broadcastPreviewPress.pack({ id }))];
  const discard = button(visit.text('broadcasts.buttons.discard'), broadcastCancelPress.pack({ id }));
  const ending = visit.can('broadcast.send') ? [discard] : [];
  if (!visit.can('broadcast.write')) return [preview, ending].filter((row) => row.length > 0);
  const languages = locales.map((locale) =>
    button(
      `${texts[locale] === undefined ? '➕' : '✏️'} ${languageNames[locale]}`,
      broadcastTextPress.pack({ id, locale }),
    ),
  );
  return [
    languages,
    [
      button(visit.text('broadcasts.buttons.audience'), broadcastAudiencePress.pack({ id })),
      button(visit.text('broadcasts.buttons.time'), broadcastTimePress.pack({ id })),
    ],
    preview,
    [button(visit.text('broadcasts.buttons.test'), broadcastTestPress.pack({ id })), ...ending],
  ];
}

function steeringButtons(visit: Visit, { id, status }: Broadcast): ButtonRows {
  const isUnderWay = status === 'scheduled' || status === 'sending';
  if (!isUnderWay && status !== 'paused') return [];
  const action = isUnderWay ? 'pause' : 'resume';
  const refresh = [button(visit.text('broadcasts.buttons.refresh'), broadcastPress.pack({ id }))];
  if (!visit.can('broadcast.send')) return [refresh];
  return [
    refresh,
    [
      button(visit.text(`broadcasts.buttons.${action}`), broadcastSteerPress.pack({ id, action })),
      button(visit.text('broadcasts.buttons.cancel'), broadcastCancelPress.pack({ id })),
    ],
  ];
}

export function backToBroadcast(visit: Visit, id: number): ButtonRows[number][number] {
  return button(visit.text('broadcasts.buttons.back'), broadcastPress.pack({ id }));
}

function statusText(visit: Visit, status: BroadcastStatus): string {
  return visit.text(`broadcasts.statuses.${status}`);
}
