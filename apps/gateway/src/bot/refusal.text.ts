import { AppError, type Locale } from '#contracts';
import { escapeHtml, type Texts } from '#i18n';

/** What a person in the chat reads about a refusal, as Telegram HTML. Anything but an AppError is a bug: named by its request id. */
export function refusalText(texts: Texts, locale: Locale, error: unknown, requestId: string): string {
  const refusal = error instanceof AppError ? error : new AppError('system.internal');
  const sentence = texts.lookup(locale, `errors.${refusal.errorName}`, refusal.params as Record<string, unknown>);
  const shown = escapeHtml(sentence ?? refusal.errorName);
  if (refusal.errorName !== 'system.internal') return shown;
  return `${shown}\n\n${texts.html(locale, 'bot.request_number', { requestId })}`;
}
