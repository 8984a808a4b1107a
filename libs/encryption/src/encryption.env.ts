import { z } from 'zod';
import { KeyRing } from './key.ring.js';

const keysAtMost = 16;
const textAtMost = 2_048;
const keyBytes = 32;
const entryForm = /^([a-z0-9-]{1,16}):([A-Za-z0-9+/_-]{43}=?)$/;

/** `id:key` pairs, separated by commas, the newest first; a key is 32 bytes in base64. Errors show no key. */
function keyRing(idForm: RegExp, idWords: string) {
  return z
    .string()
    .max(textAtMost)
    .transform((text, context) => {
      const entries = text.split(',').map((entry) => entryForm.exec(entry.trim()));
      const keys = entries.flatMap((entry) => {
        const [, id = '', encoded = ''] = entry ?? [];
        const key = Buffer.from(encoded, 'base64');
        return idForm.test(id) && key.length === keyBytes ? [{ id, key }] : [];
      });
      const complete = keys.length === entries.length && keys.length <= keysAtMost;
      if (complete && new Set(keys.map(({ id }) => id)).size === keys.length) return new KeyRing(keys);
      context.addIssue(`must be id:key pairs (${idWords}; 32 bytes in base64), separated by commas, each id once`);
      return z.NEVER;
    });
}

/** What a process needs that keeps personal data encrypted (O-04): spread it into the process's own schema. */
export const encryptionEnvironment = {
  /** Encrypt fields at rest; the first key writes, the others read. */
  ENCRYPTION_KEYS: keyRing(/^[a-z0-9-]+$/, 'ids of a-z, 0-9 and -'),
  /** Make fields findable and unique without decrypting them; the id is the version, the first one is the newest. */
  BLIND_INDEX_KEYS: keyRing(/^[1-9][0-9]{0,3}$/, 'ids are numbers'),
};
