import { AppError, type ErrorName } from '#contracts';
import type { Texts } from '#i18n';
import type { BotContext } from '../bot.types.js';
import type { ConversationStore } from '../member/conversation.store.js';
import { refusalText } from '../refusal.text.js';
import { sendAnswer } from '../telegram/answer.sender.js';
import { cancelButton } from './menu.view.js';

interface Asking {
  readonly conversations: ConversationStore;
  readonly texts: Texts;
  /** After these another answer may do; every other refusal ends the conversation, unless it passes by itself. */
  readonly worthAnotherTry: readonly ErrorName[];
}

/** Does what was answered, or says why it cannot be and waits for another answer. `act` ends the conversation. */
export async function orAskAgain(
  context: BotContext,
  { conversations, texts, worthAnotherTry }: Asking,
  act: () => Promise<void>,
): Promise<void> {
  const { visit } = context;
  try {
    await act();
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    if (!worthAnotherTry.includes(error.errorName)) {
      if (!error.transient) await conversations.end(context);
      throw error;
    }
    const why = refusalText(texts, visit.locale, error, visit.requestId);
    await sendAnswer(context, why, [[cancelButton(visit)]]);
  }
}
