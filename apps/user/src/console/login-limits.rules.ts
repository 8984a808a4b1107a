/** What is kept of the tries under one name. */
export interface LoginTries {
  readonly tries: number;
  readonly windowStartedAt: Date;
  readonly lockedUntil: Date | null;
}

export const triesAtMost = 5;
const windowMs = 15 * 60_000;
const lockMs = 15 * 60_000;

export type TryVerdict =
  | { readonly allowed: true; readonly next: LoginTries }
  | { readonly allowed: false; readonly next: LoginTries; readonly retryAfterSeconds: number };

/** Counts a try before it is looked at (U-13): five within a quarter of an hour, then a quarter of an hour of nothing. */
export function countTry(kept: LoginTries | null, now: Date): TryVerdict {
  const locked = kept?.lockedUntil ?? null;
  if (kept && locked !== null && locked > now)
    return { allowed: false, next: kept, retryAfterSeconds: secondsUntil(locked, now) };
  const isRunning = kept !== null && locked === null && now.getTime() - kept.windowStartedAt.getTime() < windowMs;
  const tries = (isRunning ? kept.tries : 0) + 1;
  const windowStartedAt = isRunning ? kept.windowStartedAt : now;
  if (tries <= triesAtMost) return { allowed: true, next: { tries, windowStartedAt, lockedUntil: null } };
  const lockedUntil = new Date(now.getTime() + lockMs);
  return {
    allowed: false,
    next: { tries, windowStartedAt, lockedUntil },
    retryAfterSeconds: secondsUntil(lockedUntil, now),
  };
}

function secondsUntil(time: Date, now: Date): number {
  return Math.ceil((time.getTime() - now.getTime()) / 1000);
}
