import type { SendOutcome } from '../deliveries/delivery.rules.js';

/** What a call of the Bot API came back with. */
export type TelegramFailure =
  | {
      readonly kind: 'answer';
      readonly code: number;
      readonly description: string;
      readonly retryAfterSeconds?: number;
      /** The supergroup that the group has become. */
      readonly movedTo?: string;
    }
  /** No answer: whether the message went out is unknown. */
  | { readonly kind: 'silence'; readonly reason: string };

/** Nothing will reach this chat until its owner does something. */
const unreachable = new RegExp(
  [
    'blocked by the user',
    'user is deactivated',
    "can't initiate conversation",
    'was kicked',
    'not a member',
    'chat not found',
    'user not found',
    'PEER_ID_INVALID',
  ].join('|'),
  'i',
);

const unnamedPauseSeconds = 5;
const wrongTokenPauseMs = 60_000;

/** Seconds to keep silent when Telegram says "too many requests", else null. */
export function pauseWanted(failure: TelegramFailure): number | null {
  if (failure.kind !== 'answer' || failure.code !== 429) return null;
  return failure.retryAfterSeconds ?? unnamedPauseSeconds;
}

/** What a failed call means for its delivery. */
export function classifyTelegramFailure(failure: TelegramFailure, now: Date): SendOutcome {
  if (failure.kind === 'silence') return { kind: 'failed', reason: `no answer from Telegram: ${failure.reason}` };
  const reason = `telegram ${failure.code}: ${failure.description}`;
  const pauseSeconds = pauseWanted(failure);
  if (pauseSeconds !== null) return { kind: 'deferred', until: new Date(now.getTime() + pauseSeconds * 1_000), reason };
  if (failure.movedTo !== undefined) return { kind: 'deferred', until: now, reason: 'the group has moved' };
  if (failure.code >= 500) return { kind: 'failed', reason };
  // A wrong token is the operator's mistake and no reason to lose a message.
  if (failure.code === 401 || failure.code === 404) {
    return { kind: 'deferred', until: new Date(now.getTime() + wrongTokenPauseMs), reason };
  }
  if (unreachable.test(failure.description)) return { kind: 'refused', reason, unreachable: true };
  return { kind: 'refused', reason };
}
