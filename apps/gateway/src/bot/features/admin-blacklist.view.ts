import { blacklistKinds, type CheckEmailAddress, type ListEmailBlacklist, type OutputOf } from '#contracts';
import { formatDateTime } from '../locale.format.js';
import type { Visit } from '../member/visit.client.js';
import { button, type ButtonRows } from '../telegram/answer.sender.js';
import {
  blacklistAddPress,
  blacklistAskPress,
  blacklistCardPress,
  blacklistCheckPress,
  blacklistEntry,
  blacklistPagePress,
  blacklistRemovePress,
} from './admin-blacklist.keyboard.js';
import { entryButton, menuButton, sectionButton, turningRows } from './menu.view.js';

type Entries = OutputOf<typeof ListEmailBlacklist>;
export type BlacklistEntry = Entries['items'][number];

const signs: Record<BlacklistEntry['kind'], string> = { address: '✉️', domain: '🌐', pattern: '✳️' };
const buttonTextAtMost = 50;

export function blacklistHtml(visit: Visit, { page, page_size, total }: Entries): string {
  const pages = Math.max(1, Math.ceil(total / page_size));
  return [
    visit.html('bot_blacklist.title'),
    '',
    visit.html('bot_blacklist.about'),
    '',
    total > 0 ? visit.html('bot_blacklist.choose') : visit.html('bot_blacklist.none'),
    ...(pages > 1 ? ['', visit.html('bot.points.page', { page, pages })] : []),
  ].join('\n');
}

export function blacklistButtons(visit: Visit, entries: Entries): ButtonRows {
  const open = entries.items.map(({ id, kind, pattern }) => [
    button(
      [...`${signs[kind]} ${pattern}`].slice(0, buttonTextAtMost).join(''),
      blacklistCardPress.pack({ id, page: entries.page }),
    ),
  ]);
  const add = blacklistKinds.map((kind) =>
    button(visit.text(`bot_blacklist.buttons.add_${kind}`), blacklistAddPress.pack({ kind })),
  );
  return [
    ...open,
    ...turningRows(visit, entries, (page) => blacklistPagePress.pack({ page })),
    ...(visit.can('email_blacklist.manage') ? [add] : []),
    [button(visit.text('bot_blacklist.buttons.check'), blacklistCheckPress.pack({}))],
    [sectionButton(visit, 'admin'), menuButton(visit)],
  ];
}

export function entryHtml(visit: Visit, { kind, pattern, note, created_at }: BlacklistEntry, timezone: string): string {
  const time = formatDateTime(visit.locale, created_at, timezone);
  return [
    visit.html('bot_blacklist.card.title', { pattern }),
    `${signs[kind]} ${visit.html(`bot_blacklist.kinds.${kind}`)}`,
    '',
    ...(note === '' ? [] : [visit.html('bot_blacklist.card.note', { note })]),
    visit.html('bot_blacklist.card.since', { time }),
  ].join('\n');
}

export function entryButtons(visit: Visit, id: number, page: number): ButtonRows {
  const remove = button(visit.text('bot_blacklist.buttons.remove'), blacklistAskPress.pack({ id, page }));
  return [
    ...(visit.can('email_blacklist.manage') ? [[remove]] : []),
    [button(visit.text('bot_blacklist.buttons.back'), blacklistPagePress.pack({ page })), menuButton(visit)],
  ];
}

export function askButtons(visit: Visit, id: number, page: number): ButtonRows {
  return [
    [button(visit.text('bot_blacklist.buttons.yes_remove'), blacklistRemovePress.pack({ id }))],
    [button(visit.text('bot_blacklist.buttons.back'), blacklistPagePress.pack({ page })), menuButton(visit)],
  ];
}

export function checkHtml(
  visit: Visit,
  email: string,
  { blocked_by, pattern }: OutputOf<typeof CheckEmailAddress>,
): string {
  if (blocked_by === null) return visit.html('bot_blacklist.check.free', { email });
  return visit.html(`bot_blacklist.check.${blocked_by}`, { email, pattern: pattern ?? '' });
}

export function onwardRows(visit: Visit): ButtonRows {
  return [[entryButton(visit, blacklistEntry)], [sectionButton(visit, 'admin'), menuButton(visit)]];
}
