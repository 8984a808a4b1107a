import { readFileSync, statSync } from 'node:fs';
import type { Clock } from '#messaging';

const checkEveryMs = 50;

/** The wall clock. */
export const systemClock: Clock = { now: () => new Date() };

/**
 * The wall clock moved by the milliseconds written in a file, read again when the file changes: how a test, or a person
 * trying the platform out, lives through seven days of check-ins in a minute.
 */
export function movedClock(offsetFile: string): Clock {
  let offsetMs = 0;
  let checkedAt = 0;
  let modifiedAt = 0;
  const refresh = (): void => {
    if (Date.now() - checkedAt < checkEveryMs) return;
    checkedAt = Date.now();
    const modified = statSync(offsetFile, { throwIfNoEntry: false })?.mtimeMs ?? 0;
    if (modified === modifiedAt) return;
    modifiedAt = modified;
    offsetMs = modified === 0 ? 0 : Number(readFileSync(offsetFile, 'utf8').trim()) || 0;
  };
  return {
    now() {
      refresh();
      return new Date(Date.now() + offsetMs);
    },
  };
}
