const secondMs = 1_000;

/** Ids of groups and channels are negative. */
export function isGroupChat(chatId: string): boolean {
  return chatId.startsWith('-');
}

/**
 * The pause between Telegram's answer and the next message to the same chat: one per second in private, 15 per minute in a group, where
 * 20 are allowed and the bot's own answers need the rest.
 */
export function chatIntervalMs(chatId: string): number {
  return isGroupChat(chatId) ? 4 * secondMs : secondMs;
}

/** How many may go out at once. */
export function burstOf(perSecond: number): number {
  return Math.max(1, Math.floor(perSecond / 10));
}

/** Telegram's limit is 30 in any second; one is left over for clocks that do not run alike. */
const slotsAtMost = 29;
/** How long a message counts, from Telegram's answer on: nobody knows when within the call it was counted. */
export const slotMs = secondMs;

/** How many messages may be on their way or have been answered within the last second. */
export function slotsOf(perSecond: number): number {
  return Math.min(Math.max(perSecond, slotsAtMost), perSecond + burstOf(perSecond) + 1);
}

/** One "too many requests". */
export interface Limited {
  readonly chatId: string;
  readonly at: number;
  readonly retryAfterMs: number;
}

const relatedMs = 30_000;
/** After any refusal everything rests a moment: going on at full pace makes the penalty grow. */
const breatherMs = secondMs;

/**
 * How long all chats must rest after the newest refusal. Telegram does not say whom it meant: one chat alone may be told to wait
 * for hours, and nobody else's code may wait for it; refusals of several chats in a row mean the whole bot. Groups have a limit of
 * their own, so two of them say nothing about the bot.
 */
export function overallPauseMs(newest: Limited, earlier: readonly Limited[]): number {
  const severalChats = earlier.some(
    ({ chatId, at }) =>
      chatId !== newest.chatId && newest.at - at <= relatedMs && !(isGroupChat(chatId) && isGroupChat(newest.chatId)),
  );
  return severalChats ? newest.retryAfterMs : Math.min(newest.retryAfterMs, breatherMs);
}
