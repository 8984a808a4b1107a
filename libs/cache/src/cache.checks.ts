import type { HitLimit } from './cache.js';

/** Refuses times that one engine would round and the other reject. */
export function checkTime(milliseconds: number): void {
  if (!Number.isSafeInteger(milliseconds) || milliseconds <= 0)
    throw new RangeError('a time must be a whole number above 0');
}

/** Checks a limit and returns the hit's cost. */
export function costOf({ limit, windowMs, cost = 1 }: HitLimit): number {
  checkTime(windowMs);
  if (!Number.isSafeInteger(limit) || limit < 0) throw new RangeError('a limit must be a whole number, at least 0');
  if (!Number.isSafeInteger(cost) || cost <= 0) throw new RangeError('a cost must be a whole number above 0');
  return cost;
}
