import { createHash, createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';

/** The key that codes are hashed with; another purpose of AUTH_SECRET has another key. */
export function deriveCodeKey(authSecret: string): Buffer {
  return Buffer.from(hkdfSync('sha256', authSecret, '', 'coser email verification code', 32));
}

/** The key under which a mailbox is told from another without naming it. */
export function deriveIdentityKey(authSecret: string): Buffer {
  return Buffer.from(hkdfSync('sha256', authSecret, '', 'coser mailbox identity', 32));
}

/** The same for the same mailbox, whoever binds it, and of no use to anybody without the key. */
export function identityHash(key: Buffer, canonicalAddress: string): string {
  return createHmac('sha256', key).update(canonicalAddress).digest('hex');
}

/** What is stored of a code. A million codes are tried in a second, so the hash is keyed, and bound to its row. */
export function hashCode(key: Buffer, verificationId: string, code: string): string {
  return createHmac('sha256', key).update(`${verificationId}:${code}`).digest('hex');
}

/** Whether one of the codes is the row's. */
export function holdsCode(key: Buffer, row: { id: string; code_hash: string }, codes: readonly string[]): boolean {
  const stored = Buffer.from(row.code_hash, 'hex');
  return codes.some((code) => {
    const given = Buffer.from(hashCode(key, row.id, code), 'hex');
    return stored.length === given.length && timingSafeEqual(stored, given);
  });
}

/** What is stored of an undo token, which is long enough to need no key. */
export function hashToken(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}
