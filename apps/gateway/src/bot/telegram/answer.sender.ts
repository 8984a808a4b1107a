import { Markup } from 'telegraf';
import type { InlineKeyboardButton, InlineKeyboardMarkup } from 'telegraf/types';
import type { BotContext } from '../bot.types.js';
import { isUnchanged, isUneditable } from './telegram.errors.js';

export type ButtonRows = InlineKeyboardButton[][];

const style = { parse_mode: 'HTML', link_preview_options: { is_disabled: true } } as const;

/** Writes into the chat the update came from; `html` is finished Telegram HTML. */
export async function sendAnswer(context: BotContext, html: string, buttons: ButtonRows = []): Promise<void> {
  await context.reply(html, { ...style, ...keyboardOf(buttons) });
}

/** In a group: as an answer to the message, so that everybody sees whom it is for; privately while the group is crowded. */
export async function sendGroupAnswer(context: BotContext, html: string, buttons: ButtonRows = []): Promise<void> {
  if (context.isCrowded && context.from) {
    await context.telegram.sendMessage(context.from.id, html, { ...style, ...keyboardOf(buttons) });
    return;
  }
  const messageId = context.message?.message_id;
  const reply =
    messageId === undefined ? {} : { reply_parameters: { message_id: messageId, allow_sending_without_reply: true } };
  await context.reply(html, { ...style, ...keyboardOf(buttons), ...reply });
}

/** Turns the message whose button was pressed into this one; writes a new one where that is not possible. */
export async function replaceAnswer(context: BotContext, html: string, buttons: ButtonRows = []): Promise<void> {
  if (!context.callbackQuery?.message) return sendAnswer(context, html, buttons);
  try {
    await context.editMessageText(html, { ...style, ...keyboardOf(buttons) });
  } catch (error) {
    if (isUnchanged(error)) return;
    if (!isUneditable(error)) throw error;
    await sendAnswer(context, html, buttons);
  }
}

/** From a group into the private chat with the bot. */
export function privateChatRow({ visit, me }: BotContext): ButtonRows[number] {
  return [Markup.button.url(visit.text('bot.buttons.private_chat'), `https://t.me/${me}`)];
}

/** Mentions a member by name, also one without a username. */
export function mention(telegramId: string, escapedName: string): string {
  return `<a href="tg://user?id=${telegramId}">${escapedName}</a>`;
}

function keyboardOf(buttons: ButtonRows): { reply_markup?: InlineKeyboardMarkup } {
  return buttons.length > 0 ? { reply_markup: Markup.inlineKeyboard(buttons).reply_markup } : {};
}

export function button(text: string, data: string): InlineKeyboardButton {
  return Markup.button.callback(text, data);
}
