import { GetCheckInToday, GetMembership, GetProfile } from '#contracts';
import type { Visit } from '../member/visit.client.js';
import { menuSections, type MenuEntry, type MenuSection, type MenuState } from '../menu.types.js';
import { button, type ButtonRows } from '../telegram/answer.sender.js';
import { cancelPress, menuPress, sectionPress } from './menu.keyboard.js';

type Button = ButtonRows[number][number];

const buttonsPerRow = 2;

/** Looks at the member's state; what cannot be had at once is left out, for a menu must always come. */
export async function lookAround(visit: Visit): Promise<MenuState> {
  const [membership, profile, today] = await Promise.all([
    visit.glance(GetMembership, {}),
    visit.glance(GetProfile, {}),
    visit.glance(GetCheckInToday, {}),
  ]);
  return {
    permissions: visit.permissions,
    membership: membership && membership.state,
    isMember: membership && membership.state !== 'none' && membership.state !== 'expired',
    hasEmail: profile && profile.email !== null,
    hasCheckedIn: today && today.checked_in,
    hasMiniApp: visit.miniAppUrl !== null,
  };
}

/** The menu's first page: what matters now in rows of their own, then the sections; one that holds a single thing is that thing. */
export function menuButtons(visit: Visit, state: MenuState): ButtonRows {
  const urgent = visit.menu.urgent(state);
  const others = menuSections.flatMap((section) => {
    const entries = visit.menu.shown(section, state);
    const [only] = entries;
    if (only === undefined || entries.every((entry) => urgent.includes(entry))) return [];
    return [entries.length === 1 ? entryButton(visit, only, state) : sectionButton(visit, section)];
  });
  return [...urgent.map((entry) => [entryButton(visit, entry, state)]), ...inRows(others)];
}

export function menuHtml(visit: Visit, state: MenuState): string {
  const urgent = visit.menu.urgent(state);
  const hints = urgent.flatMap(({ hint }) => (hint === undefined ? [] : [visit.html(hint(state))]));
  const nothingLeft = urgent.length === 0 ? [visit.html('bot.menu.hint_done')] : [];
  return [visit.html('bot.menu.title', { name: visit.member.first_name }), '', ...hints, ...nothingLeft].join('\n');
}

/** One section of the menu. */
export function sectionButtons(visit: Visit, section: MenuSection, state: MenuState): ButtonRows {
  const entries = visit.menu.shown(section, state).map((entry) => entryButton(visit, entry, state));
  return [...inRows(entries), [menuButton(visit)]];
}

export function sectionHtml(visit: Visit, section: MenuSection): string {
  return `<b>${visit.html(`bot.sections.${section}`)}</b>\n\n${visit.html(`bot.section_texts.${section}`)}`;
}

/** Every command with what it does; nothing that a feature offers is forgotten here. */
export function helpHtml(visit: Visit): string {
  const commands = visit.menu
    .commandsIn(['private'])
    .map(({ name, description }) => `/${name} – ${visit.html(description)}`);
  return [visit.html('bot.help.title'), '', ...commands, '', visit.html('bot.help.groups', inGroups(visit))].join('\n');
}

/** What is said in a group to who wants more than is answered there. */
export function privateHintHtml(visit: Visit): string {
  return visit.html('bot.group.private_hint', inGroups(visit));
}

function inGroups(visit: Visit): { commands: string } {
  const names = visit.menu.commandsIn(['group']).map(({ name }) => `/${name}`);
  return { commands: names.join(' · ') };
}

/** The way back. */
export function menuButton(visit: Visit): Button {
  return button(visit.text('bot.buttons.menu'), menuPress.pack({}));
}

export function cancelButton(visit: Visit): Button {
  return button(visit.text('bot.buttons.cancel'), cancelPress.pack({}));
}

/** Opens what a feature has declared. */
export function entryButton(visit: Visit, { label, labelFor, press }: MenuEntry, state?: MenuState): Button {
  return button(visit.text((state && labelFor?.(state)) ?? label), press.pack({}));
}

/** Opens a section, with a way back into it. */
export function sectionButton(visit: Visit, section: MenuSection): Button {
  return button(visit.text(`bot.sections.${section}`), sectionPress.pack({ section }));
}

/** Turns the pages of a list; nothing where there is one page only. `data` makes the button's data for a page. */
export function turningRows(
  visit: Visit,
  { page, page_size, total }: { page: number; page_size: number; total: number },
  data: (page: number) => string,
): ButtonRows {
  const row = [
    ...(page > 1 ? [button(visit.text('activities.buttons.previous'), data(page - 1))] : []),
    ...(page * page_size < total ? [button(visit.text('activities.buttons.next'), data(page + 1))] : []),
  ];
  return row.length > 0 ? [row] : [];
}

function inRows(buttons: readonly Button[]): ButtonRows {
  const rows = Math.ceil(buttons.length / buttonsPerRow);
  return Array.from({ length: rows }, (_, row) => buttons.slice(row * buttonsPerRow, (row + 1) * buttonsPerRow));
}
