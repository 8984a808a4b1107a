import { TelegramError } from 'telegraf';

/** The member has blocked the bot, left, or is gone: nothing we write will arrive. */
export function isUnreachable(error: unknown): boolean {
  return error instanceof TelegramError && (error.code === 403 || /chat not found/i.test(error.description));
}

/** The edited message says already what it should. */
export function isUnchanged(error: unknown): boolean {
  return error instanceof TelegramError && /message is not modified/i.test(error.description);
}

/** A message too old to edit, or gone. */
export function isUneditable(error: unknown): boolean {
  return error instanceof TelegramError && /message (?:can't be edited|to edit not found)/i.test(error.description);
}

/** Another process polls with the same token, or a webhook is set. */
export function isConflict(error: unknown): boolean {
  return error instanceof TelegramError && error.code === 409;
}

/** How long Telegram wants to be left alone, if it said so. */
export function retryAfterMs(error: unknown): number | undefined {
  const seconds = error instanceof TelegramError ? error.parameters?.retry_after : undefined;
  return seconds === undefined ? undefined : seconds * 1_000;
}

/** Telegram was not reached or not able: the call may be repeated. */
export function isPassingFailure(error: unknown): boolean {
  return error instanceof TelegramError ? error.code >= 500 : error instanceof Error && error.name === 'FetchError';
}
