import { bounds } from './emulator.options.js';

/** Telegram does not state exact numbers; the defaults are those of its FAQ. */
export interface SendingLimits {
  /** Messages per second to all chats together. Default 30. */
  overallPerSecond: number;
  /** Messages which one chat takes at once before the pace of one per second holds. Default 4. */
  chatBurst: number;
  /** Messages per minute into one group. Default 20. */
  groupPerMinute: number;
}

/** A call that broke a limit, or that came before the wait it was told to keep was over. */
export interface LimitViolation {
  scope: 'overall' | 'chat' | 'group';
  method: string;
  chatId: number;
  /** Epoch milliseconds. */
  at: number;
  /** Seconds. */
  retryAfter: number;
}

const chatIntervalMs = 1_000;

/**
 * Decides whether one more message may be sent. After a refusal its scope stays closed until `retry_after` is over, as at
 * Telegram: a sender that goes on meanwhile collects further violations.
 */
export class RateLimiter {
  private limits: SendingLimits;
  private readonly sentOverall: number[] = [];
  private readonly sentToGroup = new Map<number, number[]>();
  /** When the chat's bucket would be empty again, epoch milliseconds. */
  private readonly chatDrained = new Map<number, number>();
  private readonly closedUntil = new Map<string, number>();
  readonly violations: LimitViolation[] = [];

  constructor(
    limits: Partial<SendingLimits>,
    private readonly enforce: boolean,
    private readonly now: () => number,
  ) {
    this.limits = { overallPerSecond: 30, chatBurst: 4, groupPerMinute: 20, ...limits };
  }

  /** Other limits from now on; those that are not named stay. */
  change(limits: Partial<SendingLimits>): void {
    this.limits = { ...this.limits, ...limits };
  }

  /** Counts one message; returns the seconds to wait when it must be refused, else 0. */
  charge(method: string, chatId: number, isGroup: boolean): number {
    const at = this.now();
    const scopes: Array<[LimitViolation['scope'], number]> = [
      ['overall', this.overallWaitMs(at)],
      ['chat', isGroup ? 0 : this.chatWaitMs(chatId, at)],
      ['group', isGroup ? this.groupWaitMs(chatId, at) : 0],
    ];
    const [scope, waitMs] = scopes.reduce((worst, entry) => (entry[1] > worst[1] ? entry : worst));
    if (waitMs > 0) {
      const retryAfter = Math.ceil(waitMs / 1_000);
      this.record({ scope, method, chatId, at, retryAfter });
      if (this.enforce) {
        const key = scope === 'overall' ? scope : `${scope}:${chatId}`;
        this.closedUntil.set(key, Math.max(this.closedUntil.get(key) ?? 0, at + retryAfter * 1_000));
        return retryAfter;
      }
    }
    this.count(chatId, isGroup, at);
    return 0;
  }

  private overallWaitMs(at: number): number {
    return Math.max(
      this.closedMs('overall', at),
      windowWaitMs(this.sentOverall, this.limits.overallPerSecond, 1_000, at),
    );
  }

  private groupWaitMs(chatId: number, at: number): number {
    const sent = this.sentToGroup.get(chatId) ?? [];
    return Math.max(this.closedMs(`group:${chatId}`, at), windowWaitMs(sent, this.limits.groupPerMinute, 60_000, at));
  }

  private chatWaitMs(chatId: number, at: number): number {
    const backlogMs = (this.chatDrained.get(chatId) ?? 0) - at;
    return Math.max(this.closedMs(`chat:${chatId}`, at), backlogMs - (this.limits.chatBurst - 1) * chatIntervalMs);
  }

  private closedMs(key: string, at: number): number {
    const until = this.closedUntil.get(key) ?? 0;
    if (until <= at) {
      this.closedUntil.delete(key);
    }
    return until - at;
  }

  private count(chatId: number, isGroup: boolean, at: number): void {
    remember(this.sentOverall, this.limits.overallPerSecond, at);
    if (isGroup) {
      const sent = this.sentToGroup.get(chatId) ?? [];
      remember(sent, this.limits.groupPerMinute, at);
      this.sentToGroup.set(chatId, sent);
      return;
    }
    const ceiling = at + this.limits.chatBurst * chatIntervalMs;
    this.chatDrained.set(chatId, Math.min(ceiling, Math.max(at, this.chatDrained.get(chatId) ?? 0) + chatIntervalMs));
    if (this.chatDrained.size > bounds.members) {
      this.chatDrained.clear();
    }
  }

  private record(violation: LimitViolation): void {
    this.violations.push(violation);
    if (this.violations.length > bounds.violations) {
      this.violations.shift();
    }
  }
}

/** Milliseconds until the oldest of `limit` remembered times leaves the window. */
function windowWaitMs(times: number[], limit: number, windowMs: number, at: number): number {
  const oldest = times.length < limit ? undefined : times[0];
  return oldest === undefined ? 0 : oldest + windowMs - at;
}

function remember(times: number[], limit: number, at: number): void {
  times.push(at);
  while (times.length > limit) {
    times.shift();
  }
}
