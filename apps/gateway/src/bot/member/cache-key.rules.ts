/** Where the bot keeps the profile of a Telegram account for a minute. */
export function profileKey(telegramId: string): string {
  return `bot:member:${telegramId}`;
}

/** Where it keeps what it has asked or must remember (`kind`), of whom and in which chat. */
export function chatKey(kind: ChatKind, chatId: number | string, telegramId: number | string): string {
  return `bot:${kind}:${chatId}:${telegramId}`;
}

/**
 * Which Telegram account a member was last seen with, for as long as anything else of theirs can lie here: when an account is
 * erased, its owner may have forgotten that before this gateway hears of it.
 */
export function telegramIdKey(userId: number): string {
  return `bot:telegram-id:${userId}`;
}

/** What has been set up in the member's own chat: `menu-button`, `admin-commands`. */
export function markKey(mark: ChatMark, telegramId: string): string {
  return `bot:${mark}:${telegramId}`;
}

const chatMarks = ['menu-button', 'admin-commands'] as const;
export type ChatMark = (typeof chatMarks)[number];

/**
 * What is kept for a member until it is asked for again: an address that was typed, what an admin has yet to confirm. A name that is not
 * in this list cannot be kept, so that all of it can be forgotten.
 */
const memoNames = [
  'address',
  'admin_amnesty',
  'admin_ban',
  'admin_blacklist',
  'admin_codes',
  'admin_grant',
  'admin_points',
  'console_action',
] as const;
export type MemoName = (typeof memoNames)[number];

/** What outlives the moment: a question for a day, a memo. */
export type ChatKind = 'conversation' | `memo:${MemoName}`;
const chatKinds: readonly ChatKind[] = ['conversation', ...memoNames.map((name) => `memo:${name}` as const)];

/**
 * Everything about a member that lies in the cache, for when it is no longer to be there. Not `telegramIdKey`, by which it is found
 * again should something be written once more before the account is erased.
 */
export function keysOfMember(telegramId: string): string[] {
  return [
    profileKey(telegramId),
    ...chatMarks.map((mark) => markKey(mark, telegramId)),
    ...chatKinds.map((kind) => chatKey(kind, telegramId, telegramId)),
  ];
}
