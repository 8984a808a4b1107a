import { randomUUID } from 'node:crypto';

let lastTime = -1;
let sequence = 0;
const sequenceAtMost = 0xfff;

/**
 * A UUID version 7: unique everywhere, and sorted by the millisecond of its making; of one process and one millisecond, by the order of
 * making (the first 4,096 of them).
 */
export function timeOrderedId(now: Date): string {
  const milliseconds = now.getTime();
  sequence = milliseconds === lastTime ? Math.min(sequence + 1, sequenceAtMost) : 0;
  lastTime = milliseconds;
  const time = milliseconds.toString(16).padStart(12, '0');
  // The 62 random bits and the variant are those of a version 4, for which Node draws randomness in bulk.
  const random = randomUUID();
  return `${time.slice(0, 8)}-${time.slice(8)}-7${sequence.toString(16).padStart(3, '0')}${random.slice(18)}`;
}
