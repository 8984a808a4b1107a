import { setTimeout as pause } from 'node:timers/promises';

/** How long and how often {@link eventually} tries. */
export interface EventuallyOptions {
  /** Give up after this time. Default 10,000 ms. */
  timeoutMs?: number;
  /** Pause between two tries. Default 25 ms. */
  intervalMs?: number;
}

/**
 * Repeats an assertion until it stops throwing, and returns its value; after `timeoutMs` it throws the assertion's last error.
 * A try that hangs counts against the same deadline.
 *
 * @example await eventually(() => expect(member.lastMessage().text).toContain('10'));
 */
export async function eventually<T>(
  assertion: () => T | Promise<T>,
  { timeoutMs = 15_000, intervalMs = 25 }: EventuallyOptions = {},
): Promise<T> {
  const deadline = performance.now() + timeoutMs;
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await withinDeadline(assertion, deadline);
    } catch (error) {
      if (performance.now() + intervalMs >= deadline) {
        throw explain(error, attempt, timeoutMs);
      }
      await pause(intervalMs);
    }
  }
}

async function withinDeadline<T>(assertion: () => T | Promise<T>, deadline: number): Promise<T> {
  const giveUp = new AbortController();
  const expiry = pause(Math.max(1, deadline - performance.now()), undefined, { signal: giveUp.signal }).then(() => {
    throw new Error('the assertion did not settle in time');
  });
  try {
    return await Promise.race([(async () => assertion())(), expiry]);
  } finally {
    giveUp.abort();
    expiry.catch(() => undefined);
  }
}

function explain(error: unknown, attempts: number, timeoutMs: number): unknown {
  if (error instanceof Error) {
    // The assertion's own error is kept, because test runners show its diff.
    error.message = `${error.message} (still so after ${attempts} tries in ${timeoutMs} ms)`;
  }
  return error;
}
