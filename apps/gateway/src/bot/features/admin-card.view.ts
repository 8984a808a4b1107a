import type { Membership, PermissionName, Profile } from '#contracts';
import { formatDate, formatDateTime } from '../locale.format.js';
import type { Visit } from '../member/visit.client.js';
import { button, type ButtonRows } from '../telegram/answer.sender.js';
import {
  adjustPress,
  adminFindEntry,
  banPress,
  cardPress,
  grantPress,
  historyPress,
  type BanAction,
} from './admin.keyboard.js';
import { pointsText } from './amount.view.js';
import { consolePress } from './console.keyboard.js';
import { entryButton, menuButton } from './menu.view.js';

type Button = ButtonRows[number][number];

const nameAtMost = 40;

/** Who it is, as a line: for lists and for titles. */
export function memberLine({ first_name, username, id }: Profile): string {
  const letters = [...first_name];
  const name = letters.length > nameAtMost ? `${letters.slice(0, nameAtMost).join('')}…` : first_name;
  return username === null ? `${name} · #${id}` : `${name} · @${username} · #${id}`;
}

/** Everything about a member on one card. */
export function cardHtml(visit: Visit, profile: Profile, tags: readonly string[], timezone: string): string {
  const { membership, email, created_at } = profile;
  return [
    visit.html('bot_admin.card.title', { name: profile.first_name }),
    visit.html('bot_admin.card.ids', { id: profile.id, telegram: profile.telegram_id }),
    ...(profile.username === null ? [] : [visit.html('bot_admin.card.username', { username: profile.username })]),
    '',
    visit.html('bot_admin.card.status', { status: visit.text(`bot_admin.status.${profile.status}`) }),
    visit.html('bot_admin.card.role', { role: visit.text(`bot_admin.roles.${profile.role}`) }),
    membershipHtml(visit, membership, timezone),
    visit.html('bot_admin.card.points', { points: pointsText(visit, profile.points) }),
    email === null ? visit.html('bot.profile.email_none') : visit.html('bot.profile.email', { email }),
    ...(tags.length === 0 ? [] : [visit.html('bot_admin.card.tags', { tags: tags.join(', ') })]),
    visit.html('bot.profile.since', { date: formatDate(visit.locale, created_at, timezone) }),
  ].join('\n');
}

function membershipHtml(visit: Visit, { state, expires_at }: Membership, timezone: string): string {
  if (state === 'none' || state === 'permanent') return visit.html(`bot_admin.membership.${state}`);
  const until = expires_at === null ? '' : formatDateTime(visit.locale, expires_at, timezone);
  return visit.html(`bot_admin.membership.${state}`, { until });
}

/** Whether there is a ban to lift. */
export function banActionFor({ status }: Pick<Profile, 'status'>): BanAction {
  return status === 'banned' ? 'unban' : 'ban';
}

/** What can be done with the member, as far as who looks may do it. */
export function cardButtons(visit: Visit, profile: Profile): ButtonRows {
  const { id } = profile;
  const action = banActionFor(profile);
  const rows = [
    [
      ...ifAllowed('membership.grant', button(visit.text('bot_admin.buttons.grant'), grantPress.pack({ id }))),
      ...ifAllowed('adjustment.request', button(visit.text('bot_admin.buttons.adjust'), adjustPress.pack({ id }))),
    ],
    [
      ...ifAllowed('user.ban', button(visit.text(`bot_admin.buttons.${action}`), banPress.pack({ id, action }))),
      ...ifAllowed('audit.read', button(visit.text('bot_admin.buttons.history'), historyPress.pack({ id }))),
    ],
    ...(visit.can('console_account.manage')
      ? [[button(visit.text('bot_console.buttons.card'), consolePress.pack({ id }))]]
      : []),
    [entryButton(visit, adminFindEntry), menuButton(visit)],
  ];
  return rows.filter((row) => row.length > 0);

  function ifAllowed(permission: PermissionName, ...buttons: Button[]): Button[] {
    return visit.can(permission) ? buttons : [];
  }
}

/** Back to the member. */
export function cardButton(visit: Visit, id: number): Button {
  return button(visit.text('bot_admin.buttons.card'), cardPress.pack({ id }));
}

/** Leads on from whatever was done with a member. */
export function onwardRows(visit: Visit, id: number): ButtonRows {
  return [[cardButton(visit, id)], [entryButton(visit, adminFindEntry), menuButton(visit)]];
}
