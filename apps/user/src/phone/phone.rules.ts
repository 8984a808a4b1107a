import { codeLifeMs, type TryScope } from '../verification/verification-limits.rules.js';

/** So long after the bot's question a shared contact counts (U-10). */
export const contactPatienceMs = codeLifeMs;

/** Wrong codes within an hour that lock a scope out; the member's figure is U-08's. */
export const phoneTriesPerWindow = { user: 5, phone: 10, global: 2_000 } as const;

/** Counted apart from those of e-mail: whoever guesses here locks nobody out there. */
export function phoneTryScopes(userId: number, phoneHash: string): [TryScope, ...TryScope[]] {
  return [
    { name: `phone-user:${userId}`, limit: phoneTriesPerWindow.user },
    { name: `phone:${phoneHash}`, limit: phoneTriesPerWindow.phone },
    { name: 'phone-global', limit: phoneTriesPerWindow.global },
  ];
}

/** A contact as it arrived in the chat. */
export interface SharedContact {
  /** Whose card it is; null for a card without a Telegram account. */
  readonly contactUserId: string | null;
  readonly chatType: string;
  readonly forwarded: boolean;
}

/** Whether a contact proves a number: the sender's own card, shared by themselves in the private chat. */
export function isOwnContact(contact: SharedContact, telegramId: string): boolean {
  return contact.chatType === 'private' && !contact.forwarded && contact.contactUserId === telegramId;
}
