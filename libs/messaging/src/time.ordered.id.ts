import { randomUUID } from 'node:crypto';

/** A UUID version 7: unique everywhere, and sorted by the millisecond of its making. */
export function timeOrderedId(now: Date): string {
  const time = now.getTime().toString(16).padStart(12, '0');
  // The 74 random bits and the variant are those of a version 4, for which Node draws randomness in bulk.
  const random = randomUUID();
  return `${time.slice(0, 8)}-${time.slice(8)}-7${random.slice(15)}`;
}
