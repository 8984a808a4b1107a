import { randomBytes } from 'node:crypto';

/** Fresh keys for a process under test: whoever shares them can read what it wrote. */
export function freshEncryptionKeys(): { ENCRYPTION_KEYS: string; BLIND_INDEX_KEYS: string } {
  const key = (): string => randomBytes(32).toString('base64');
  return { ENCRYPTION_KEYS: `test:${key()}`, BLIND_INDEX_KEYS: `1:${key()}` };
}
