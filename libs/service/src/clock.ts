import { readFileSync } from 'node:fs';
import type { Clock } from '#messaging';

const checkEveryMs = 50;

/** The wall clock. */
export const systemClock: Clock = { now: () => new Date() };

/**
 * The wall clock moved by the milliseconds written in a file, read again and again: how a test, or a person trying the
 * platform out, lives through seven days of check-ins in a minute. The file itself is read, for the time of its last change
 * is too coarse to tell two writes of the same few milliseconds apart.
 */
export function movedClock(offsetFile: string): Clock {
  let offsetMs = 0;
  let checkedAt = 0;
  const refresh = (): void => {
    if (Date.now() - checkedAt < checkEveryMs) return;
    checkedAt = Date.now();
    offsetMs = offsetIn(offsetFile) ?? offsetMs;
  };
  return {
    now() {
      refresh();
      return new Date(Date.now() + offsetMs);
    },
  };
}

/**
 * The time for whoever waits until some time. When the clock is set back, `setBack` is told by how much: what is left to wait is to stay as
 * it was, or a corrected clock would prolong it by the difference.
 */
export function timeForWaiting(clock: Clock, setBack: (byMs: number) => void): () => number {
  let seenAt = 0;
  return () => {
    const now = clock.now().getTime();
    const byMs = seenAt - now;
    seenAt = now;
    if (byMs > 0) setBack(byMs);
    return now;
  };
}

/** 0 where there is no such file; null while somebody writes it and it is empty. */
function offsetIn(file: string): number | null {
  try {
    const text = readFileSync(file, 'utf8').trim();
    return text === '' ? null : Number(text) || 0;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return 0;
    throw error;
  }
}
