import { createHash } from 'node:crypto';
import type { DeliveryChannel } from '#contracts';

/** The lower goes first: nobody waits for a code behind other people's receipts or a broadcast. */
export const lanes = { code: 0, transactional: 1, receipt: 2, broadcast: 3 } as const;
export type Lane = keyof typeof lanes;

const steadyIdLength = 32;

/** What a delivery is called outside: the same however often it is sent, and nothing of its key can be read in it. */
export function steadyIdOf(dedupeKey: string): string {
  return createHash('sha256').update(dedupeKey).digest('hex').slice(0, steadyIdLength);
}

/** How one try to send ended. */
export type SendOutcome =
  | { readonly kind: 'sent' }
  /** It may work later, and was not this message's fault: no attempt is spent. */
  | { readonly kind: 'deferred'; readonly until: Date; readonly reason: string }
  /** It may work later; an attempt is spent. */
  | { readonly kind: 'failed'; readonly reason: string }
  /** It will never work. `unreachable`: nothing else reaches this member over this channel either. */
  | { readonly kind: 'refused'; readonly reason: string; readonly unreachable?: true };

/** What a delivery's row says after a try. */
export type Settlement =
  | { readonly status: 'sent'; readonly attempts: number }
  | { readonly status: 'pending'; readonly attempts: number; readonly dueAt: Date; readonly error: string }
  | { readonly status: 'failed'; readonly attempts: number; readonly error: string };

const secondMs = 1_000;
const minuteMs = 60 * secondMs;
const hourMs = 60 * minuteMs;

/** Pauses before the second, third, ... attempt. Mail as N-03 says; Telegram answers soon or is away for a while. */
export const retryDelaysMs: Record<DeliveryChannel, readonly number[]> = {
  email: [minuteMs, 5 * minuteMs, 10 * minuteMs],
  /** A code is worth ten minutes. */
  sms: [5 * secondMs, 30 * secondMs, 2 * minuteMs],
  telegram: [2 * secondMs, 10 * secondMs, minuteMs, 5 * minuteMs, 10 * minuteMs, 30 * minuteMs],
};

const errorLengthAtMost = 255;

/** Decides what becomes of a delivery that has been attempted `attempts` times before this try. */
export function settle(channel: DeliveryChannel, attempts: number, outcome: SendOutcome, now: Date): Settlement {
  switch (outcome.kind) {
    case 'sent':
      return { status: 'sent', attempts: attempts + 1 };
    case 'deferred':
      return { status: 'pending', attempts, dueAt: outcome.until, error: shortError(outcome.reason) };
    case 'refused':
      return { status: 'failed', attempts: attempts + 1, error: shortError(outcome.reason) };
    case 'failed': {
      const delayMs = retryDelaysMs[channel][attempts];
      const error = shortError(outcome.reason);
      if (delayMs === undefined) return { status: 'failed', attempts: attempts + 1, error };
      return { status: 'pending', attempts: attempts + 1, dueAt: new Date(now.getTime() + delayMs), error };
    }
  }
}

/** Servers put addresses into their answers; the row, the event and the audit log must not keep them. */
export function shortError(text: string): string {
  return text
    .replace(/[^\s<>@]+@[^\s<>@]+/g, '[address]')
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, errorLengthAtMost);
}

const contactAwaitedMs = hourMs;
const contactPauseMs = { least: 500, most: minuteMs };

/** The event that made the delivery may be here before the one that tells who the member is: wait for it, ever longer, for an hour. */
export function waitForContact(createdAt: Date, now: Date): SendOutcome {
  const ageMs = now.getTime() - createdAt.getTime();
  if (ageMs >= contactAwaitedMs) return { kind: 'refused', reason: 'contact_unknown' };
  const pauseMs = Math.min(contactPauseMs.most, Math.max(contactPauseMs.least, ageMs / 2));
  return { kind: 'deferred', until: new Date(now.getTime() + pauseMs), reason: 'contact_unknown' };
}

const believeBlockedMs = 24 * hourMs;

/** Whether a chat that was blocked at `blockedAt` is left alone; after a day the next message tries it again. */
export function isBelievedBlocked(blockedAt: Date | null, now: Date): boolean {
  return blockedAt !== null && now.getTime() - blockedAt.getTime() < believeBlockedMs;
}

/** How long a message is worth sending after what it tells of. */
const worthSendingMs: Record<Lane, number> = {
  code: 10 * minuteMs,
  transactional: 72 * hourMs,
  receipt: 24 * hourMs,
  broadcast: 24 * hourMs,
};

/** Counted from the fact, not from its arrival, so that a restored backup does not send last month's messages. */
export function expiryOf(lane: Lane, occurredAt: Date): Date {
  return new Date(occurredAt.getTime() + worthSendingMs[lane]);
}
