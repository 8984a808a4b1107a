import { Markup } from 'telegraf';
import type { BotContext } from '../bot.types.js';
import type { Visit } from '../member/visit.client.js';
import type { MenuState } from '../menu.types.js';
import type { ButtonRows } from '../telegram/answer.sender.js';
import { entryButton, lookAround } from './menu.view.js';
import { registerEntry } from './register.keyboard.js';

/** An address that opens exactly this screen of the bot, for whoever follows it (B-02). */
export function deepLinkTo(context: BotContext, payload: string): string {
  return `https://t.me/${context.me}?start=${payload}`;
}

/** Opens the list of chats, with the link ready to send. */
export function shareLinkButton(visit: Visit, link: string, text: string): ButtonRows[number][number] {
  const url = new URL('https://t.me/share/url');
  url.searchParams.set('url', link);
  url.searchParams.set('text', text);
  return Markup.button.url(visit.text('bot.buttons.share'), url.href);
}

/** What somebody needs first who came by a link and is no member yet; nothing for members. */
export async function firstSteps(visit: Visit): Promise<{ html: string; buttons: ButtonRows }> {
  const state: MenuState = await lookAround(visit);
  if (state.isMember !== false) return { html: '', buttons: [] };
  const hint = registerEntry.hint?.(state);
  const html = hint === undefined ? '' : `\n\n${visit.html(hint)}`;
  return { html, buttons: [[entryButton(visit, registerEntry, state)]] };
}
