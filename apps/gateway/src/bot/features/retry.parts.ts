import { AppError, type ErrorName } from '#contracts';
import type { TextKey, TextParams, Texts } from '#i18n';
import type { BotContext } from '../bot.types.js';
import type { ConversationStore } from '../member/conversation.store.js';
import { refusalText } from '../refusal.text.js';
import { sendAnswer } from '../telegram/answer.sender.js';
import { cancelButton } from './menu.view.js';

type AskAgain = (context: BotContext, refusal: AppError) => Promise<void>;
type PlainKey = { [Key in TextKey]: keyof TextParams[Key] extends never ? Key : never }[TextKey];

export interface Asking {
  readonly conversations: ConversationStore;
  /** After these another answer may do; every other refusal ends the conversation, unless it passes by itself. */
  readonly worthAnotherTry: readonly ErrorName[];
  readonly askAgain: AskAgain;
}

/** Does what was answered, or says why it cannot be and waits for another answer. `act` ends the conversation. */
export async function orAskAgain(
  context: BotContext,
  { conversations, worthAnotherTry, askAgain }: Asking,
  act: () => Promise<void>,
): Promise<void> {
  try {
    await act();
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    if (worthAnotherTry.includes(error.errorName)) return askAgain(context, error);
    if (!error.transient) await conversations.end(context);
    throw error;
  }
}

/** Says why not, and what is waited for where that is not plain. */
export function sayWhy(texts: Texts, reminder?: PlainKey): AskAgain {
  return async (context, refusal) => {
    const { visit } = context;
    const why = refusalText(texts, visit.locale, refusal, visit.requestId);
    const html = reminder === undefined ? why : `${why}\n\n${texts.html(visit.locale, reminder)}`;
    await sendAnswer(context, html, [[cancelButton(visit)]]);
  };
}
