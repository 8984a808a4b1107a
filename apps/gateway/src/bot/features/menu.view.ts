import { GetCheckInToday, GetMembership, GetProfile } from '#contracts';
import { callbacks } from '../callback.data.js';
import type { Visit } from '../member/visit.client.js';
import { button, type ButtonRows } from '../telegram/answer.sender.js';

/** What the member still can do; null where it is not known right now, which shows the button. */
export interface MenuState {
  readonly isMember: boolean | null;
  readonly hasEmail: boolean | null;
  readonly hasCheckedIn: boolean | null;
}

/** Looks at the member's state; what cannot be had at once is left out, for a menu must always come. */
export async function lookAround(visit: Visit): Promise<MenuState> {
  const [membership, profile, today] = await Promise.all([
    visit.glance(GetMembership, {}),
    visit.glance(GetProfile, {}),
    visit.glance(GetCheckInToday, {}),
  ]);
  return {
    isMember: membership && membership.state !== 'none' && membership.state !== 'expired',
    hasEmail: profile && profile.email !== null,
    hasCheckedIn: today && today.checked_in,
  };
}

/** What matters first stands first. */
export function menuButtons(visit: Visit, { isMember, hasEmail, hasCheckedIn }: MenuState): ButtonRows {
  const register = button(visit.text('bot.buttons.register'), callbacks.register.pack({}));
  const checkIn = button(visit.text('bot.buttons.check_in'), callbacks.checkIn.pack({}));
  const bind = button(visit.text('bot.buttons.bind'), callbacks.bind.pack({}));
  const invite = button(visit.text('bot.buttons.invite'), callbacks.invite.pack({}));
  const points = button(visit.text('bot.buttons.points'), callbacks.points.pack({}));
  const profile = button(visit.text('bot.buttons.profile'), callbacks.profile.pack({}));
  const language = button(visit.text('bot.buttons.language'), callbacks.languages.pack({}));
  const help = button(visit.text('bot.buttons.help'), callbacks.help.pack({}));
  const wanted: ButtonRows = [isMember ? [] : [register], hasCheckedIn ? [] : [checkIn], hasEmail ? [] : [bind]];
  return [...wanted, [points, profile], isMember ? [invite] : [], [language, help]].filter((row) => row.length > 0);
}

export function menuHtml(visit: Visit, { isMember, hasEmail, hasCheckedIn }: MenuState): string {
  const hints = [
    isMember === false ? [visit.html('bot.menu.hint_register')] : [],
    hasCheckedIn === false ? [visit.html('bot.menu.hint_check_in')] : [],
    hasEmail === false ? [visit.html('bot.menu.hint_bind')] : [],
    isMember && hasEmail && hasCheckedIn ? [visit.html('bot.menu.hint_done')] : [],
  ].flat();
  return [
    visit.html('bot.menu.title', { name: visit.member.first_name }),
    ...(hints.length > 0 ? ['', ...hints] : []),
  ].join('\n');
}

/** The way back. */
export function menuButton(visit: Visit): ButtonRows[number][number] {
  return button(visit.text('bot.buttons.menu'), callbacks.menu.pack({}));
}

export function cancelButton(visit: Visit): ButtonRows[number][number] {
  return button(visit.text('bot.buttons.cancel'), callbacks.cancel.pack({}));
}
