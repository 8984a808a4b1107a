import { TelegramError } from 'telegraf';
import { isUnreachable, retryAfterMs } from '../telegram/telegram.errors.js';

/** Why a question about a member of a group has no answer. */
export type LookupFailure =
  /** Telegram does not know such a person: it says nothing about where they are. */
  | { readonly kind: 'not_known' }
  /** It does not answer this question: it may lie at the group's settings or at ours. */
  | { readonly kind: 'refused' }
  | { readonly kind: 'moved'; readonly chatId: number }
  /** The bot is not in the group, or there is no such group: nothing is known about its members. */
  | { readonly kind: 'gone' }
  | { readonly kind: 'rest'; readonly milliseconds: number }
  /** Telegram was not reached or not able. */
  | { readonly kind: 'failed'; readonly error: unknown };

const unknownPerson = /user not found|member not found|participant_id_invalid|user_id_invalid|invalid user_id/i;

export function lookupFailure(error: unknown): LookupFailure {
  const milliseconds = retryAfterMs(error);
  if (milliseconds !== undefined) return { kind: 'rest', milliseconds };
  if (!(error instanceof TelegramError)) return { kind: 'failed', error };
  const chatId = error.parameters?.migrate_to_chat_id;
  if (chatId !== undefined) return { kind: 'moved', chatId };
  if (isUnreachable(error)) return { kind: 'gone' };
  if (error.code !== 400) return { kind: 'failed', error };
  return { kind: unknownPerson.test(error.description) ? 'not_known' : 'refused' };
}
