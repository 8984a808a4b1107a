import type { DeliveryChannel, Locale } from '#contracts';

/** How the member is reached, as known when the delivery was claimed. */
export interface Contact {
  readonly telegramId: string | null;
  readonly firstName: string;
  readonly locale: Locale;
  readonly email: string | null;
  readonly telegramBlockedAt: Date | null;
  /** As far as it has been heard of; without an end for a permanent one. */
  readonly membership: { readonly expiresAt: Date | null } | null;
}

/** A delivery that this process, and no other, is sending right now. */
export interface ClaimedDelivery {
  readonly id: number;
  readonly dedupeKey: string;
  readonly userId: number;
  readonly channel: DeliveryChannel;
  readonly template: string;
  /** JSON. */
  readonly params: string;
  readonly recipient: string | null;
  readonly lane: number;
  readonly attempts: number;
  readonly createdAt: Date;
  readonly expiresAt: Date;
  readonly requestId: string;
  /** A broadcast that was written for somebody whose account has been closed since, or is about to be erased (U-01). */
  readonly isOutdated: boolean;
  /** Names this claim: only its holder may settle the row. */
  readonly claim: string;
  /** Null while the events that tell who the member is have not arrived. */
  readonly contact: Contact | null;
}
