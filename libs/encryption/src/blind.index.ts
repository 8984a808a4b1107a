import { createHmac } from 'node:crypto';
import type { KeyRing } from './key.ring.js';

/** What stands in the index for a text: the key's version and the keyed hash. */
export interface BlindIndexEntry {
  readonly version: number;
  /** 64 characters: HMAC-SHA-256. */
  readonly hash: string;
}

/**
 * Finds encrypted fields and keeps them unique without decrypting them. A text has one entry for each key; all of them are stored
 * and looked up. So two processes that share one key agree on who has a text, and keys are rotated while both run: add the new key
 * everywhere, let the rows get their second entry, then take the old key away.
 */
export class BlindIndex {
  /** @param purpose what the texts are; the same text has another hash for another purpose */
  constructor(
    private readonly ring: KeyRing,
    private readonly purpose: string,
  ) {}

  get newestVersion(): number {
    return Number(this.ring.newest.id);
  }

  /** An entry for each key, the newest first. */
  entries(text: string): [BlindIndexEntry, ...BlindIndexEntry[]] {
    const [newest, ...older] = this.ring.keys.map(({ id, key }) => {
      const hash = createHmac('sha256', key)
        .update(JSON.stringify([this.purpose, text]))
        .digest('hex');
      return { version: Number(id), hash };
    });
    return [newest as BlindIndexEntry, ...older];
  }
}
