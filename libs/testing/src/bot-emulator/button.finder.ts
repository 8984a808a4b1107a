import type { ChatMessage, InlineButton, ReplyButton, ReplyKeyboard } from './telegram.types.js';

/** A button by its visible text (exact, else contained), by a pattern of it, or by its callback data. */
export type ButtonWanted = string | RegExp | { data: string };

export type FoundButton =
  | { kind: 'inline'; message: ChatMessage; button: InlineButton }
  | { kind: 'reply'; message: ChatMessage; button: ReplyButton };

/** The keyboard below the input field: the last one sent and not removed since. */
export function currentKeyboard(messages: readonly ChatMessage[]): ReplyKeyboard | undefined {
  const last = messages.findLast((message) => message.keyboard !== undefined)?.keyboard;
  return last?.remove_keyboard === true ? undefined : last;
}

/** The button on the newest message that has it; the reply keyboard counts from the message that brought it. */
export function findButton(messages: readonly ChatMessage[], wanted: ButtonWanted): FoundButton | undefined {
  const keyboard = currentKeyboard(messages);
  for (const isExact of [true, false]) {
    for (const message of messages.toReversed()) {
      const inline = message.reply_markup?.inline_keyboard.flat().find((button) => fits(button, wanted, isExact));
      if (inline !== undefined) {
        return { kind: 'inline', message, button: inline };
      }
      const isCurrent = keyboard !== undefined && message.keyboard === keyboard;
      const reply = isCurrent ? keyboard.keyboard?.flat().find((button) => fits(button, wanted, isExact)) : undefined;
      if (reply !== undefined) {
        return { kind: 'reply', message, button: reply };
      }
    }
  }
  return undefined;
}

function fits(button: InlineButton | ReplyButton, wanted: ButtonWanted, isExact: boolean): boolean {
  if (wanted instanceof RegExp) {
    return wanted.test(button.text);
  }
  if (typeof wanted === 'object') {
    return 'callback_data' in button && button.callback_data === wanted.data;
  }
  return isExact ? button.text.trim() === wanted.trim() : wanted.trim() !== '' && button.text.includes(wanted.trim());
}

/** All visible button texts, for error messages. */
export function buttonTexts(messages: readonly ChatMessage[]): string[] {
  const inline = messages.flatMap((message) => message.reply_markup?.inline_keyboard.flat() ?? []);
  return [...inline, ...(currentKeyboard(messages)?.keyboard?.flat() ?? [])].map((button) => button.text);
}
