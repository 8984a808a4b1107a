/** Telegram takes about one message per second in a private chat, and 20 per minute in a group (ids of groups are negative). */
export function chatIntervalMs(chatId: string): number {
  return chatId.startsWith('-') ? 3_000 : 1_000;
}

/** Messages per second and how many may go out at once: together never more than 30 in any second at 25. */
export function burstOf(perSecond: number): number {
  return Math.max(1, Math.floor(perSecond / 10));
}

/** One "too many requests". */
export interface Limited {
  readonly chatId: string;
  readonly at: number;
  readonly retryAfterMs: number;
}

const relatedMs = 30_000;
/** After any refusal everything rests a moment: going on at full pace makes the penalty grow. */
const breatherMs = 1_000;

/**
 * How long all chats must rest after the newest refusal. Telegram does not say whom it meant: one chat alone may be told to wait
 * for hours, and nobody else's code may wait for it; refusals of several chats in a row mean the whole bot.
 */
export function overallPauseMs(newest: Limited, earlier: readonly Limited[]): number {
  const severalChats = earlier.some(({ chatId, at }) => chatId !== newest.chatId && newest.at - at <= relatedMs);
  return severalChats ? newest.retryAfterMs : Math.min(newest.retryAfterMs, breatherMs);
}
