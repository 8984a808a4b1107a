import { Markup } from 'telegraf';
import { locales } from '#contracts';
import type { BotContext } from '../bot.types.js';
import type { Visit } from '../member/visit.client.js';
import type { PlainTextKey } from '../menu.types.js';
import { menuPress } from './menu.keyboard.js';

interface QuickKey {
  readonly name: string;
  readonly label: PlainTextKey;
}

/** Greets, or says so, with the few keys below the input field that are always at hand (B-02). */
export async function sendWithQuickKeys(context: BotContext, html: string): Promise<void> {
  const { visit } = context;
  const keys = quickKeys(visit).map(({ label }) => visit.text(label));
  await context.reply(html, { parse_mode: 'HTML', ...Markup.keyboard([keys]).resize() });
}

/** The name of the key whose words these are, in any language: an old keyboard may still speak another one. */
export function quickKeyOf(visit: Visit, text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const spells = (label: PlainTextKey): boolean => locales.some((locale) => visit.textIn(locale, label) === text);
  return quickKeys(visit).find(({ label }) => spells(label))?.name;
}

function quickKeys(visit: Visit): readonly QuickKey[] {
  const entries = visit.menu.entries.filter(({ isQuickKey }) => isQuickKey);
  const ofEntries = entries.map(({ press, label }) => ({ name: press.name, label }));
  return [...ofEntries, { name: menuPress.name, label: 'bot.buttons.menu' }];
}
