import { randomUUID } from 'node:crypto';

/** The last number given in each of the latest milliseconds; of transactions side by side each has a time of its own. */
const sequences = new Map<number, number>();
const millisecondsAtMost = 10_000;
const sequenceAtMost = 0xfff;

/**
 * A UUID version 7: unique everywhere, and sorted by the millisecond of its making; of one process and one millisecond, by the order of
 * making (the first 4,096 of them).
 */
export function timeOrderedId(now: Date): string {
  const milliseconds = now.getTime();
  const sequence = nextIn(milliseconds);
  const time = milliseconds.toString(16).padStart(12, '0');
  // The 62 random bits and the variant are those of a version 4, for which Node draws randomness in bulk.
  const random = randomUUID();
  return `${time.slice(0, 8)}-${time.slice(8)}-7${sequence.toString(16).padStart(3, '0')}${random.slice(18)}`;
}

function nextIn(milliseconds: number): number {
  const sequence = Math.min((sequences.get(milliseconds) ?? -1) + 1, sequenceAtMost);
  sequences.set(milliseconds, sequence);
  if (sequences.size > millisecondsAtMost) {
    const [oldest] = sequences.keys();
    if (oldest !== undefined) sequences.delete(oldest);
  }
  return sequence;
}
