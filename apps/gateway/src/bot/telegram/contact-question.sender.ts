import { Markup } from 'telegraf';
import type { BotContext } from '../bot.types.js';

/** Asks with a button below the input field that shares the member's own contact; Telegram has it in private chats only. */
export async function askForContact(context: BotContext, html: string, buttonText: string): Promise<void> {
  const keyboard = Markup.keyboard([[Markup.button.contactRequest(buttonText)], ['/cancel']])
    .resize()
    .oneTime();
  await context.reply(html, { parse_mode: 'HTML', ...keyboard });
}

/** Says something and takes the button below the input field away, which no message with inline buttons can. */
export async function putKeyboardAway(context: BotContext, html: string): Promise<void> {
  await context.reply(html, { parse_mode: 'HTML', ...Markup.removeKeyboard() });
}
