import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import type { KeyRing, NamedKey } from './key.ring.js';

const algorithm = 'aes-256-gcm';
const format = 'v1';
/** 96 random bits: one key may write 2^32 fields before a repeat becomes thinkable. Rotate long before. */
const ivBytes = 12;
const tagBytes = 16;
/** Longest text that is taken, so that its stored form fits a TEXT column of either engine. */
export const plainCharactersAtMost = 16_384;

/** Where a field stands. It is authenticated with the text, so that a stored field copied elsewhere cannot be read there. */
export interface FieldPlace {
  readonly table: string;
  readonly column: string;
  readonly row: string | number;
}

/** The field was not written here, was changed, or its key is not in ENCRYPTION_KEYS. Holds nothing of the field. */
export class UnreadableFieldError extends Error {
  constructor(reason: string, place: FieldPlace) {
    super(`${place.table}.${place.column} of row ${place.row} cannot be decrypted: ${reason}`);
    this.name = 'UnreadableFieldError';
  }
}

/** Encrypts single fields with AES-256-GCM (O-04). The stored form is `v1:<key id>:<iv>:<ciphertext and tag>`. */
export class FieldCipher {
  constructor(private readonly ring: KeyRing) {}

  /** The id of the key that writes. */
  get keyId(): string {
    return this.ring.newest.id;
  }

  /** What every field that needs no rotation begins with. */
  get currentPrefix(): string {
    return `${format}:${this.keyId}:`;
  }

  /** @throws RangeError when the text is longer than a field may be. */
  encrypt(plain: string, place: FieldPlace): string {
    if (plain.length > plainCharactersAtMost) throw new RangeError('the text is too long for an encrypted field');
    const { id, key } = this.ring.newest;
    const iv = randomBytes(ivBytes);
    const cipher = createCipheriv(algorithm, key, iv, { authTagLength: tagBytes });
    cipher.setAAD(associatedData(id, place));
    const sealed = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final(), cipher.getAuthTag()]);
    return `${format}:${id}:${iv.toString('base64url')}:${sealed.toString('base64url')}`;
  }

  /** @throws UnreadableFieldError */
  decrypt(stored: string, place: FieldPlace): string {
    const { key, id, iv, sealed } = this.read(stored, place);
    const decipher = createDecipheriv(algorithm, key, iv, { authTagLength: tagBytes });
    decipher.setAAD(associatedData(id, place));
    decipher.setAuthTag(sealed.subarray(-tagBytes));
    try {
      return decipher.update(sealed.subarray(0, -tagBytes), undefined, 'utf8') + decipher.final('utf8');
    } catch {
      throw new UnreadableFieldError('it was changed, or stood somewhere else', place);
    }
  }

  private read(stored: string, place: FieldPlace): NamedKey & { iv: Buffer; sealed: Buffer } {
    const [version, id = '', iv = '', sealed = '', ...rest] = stored.split(':');
    if (version !== format || rest.length > 0) throw new UnreadableFieldError('its form is unknown', place);
    const key = this.ring.find(id);
    if (!key) throw new UnreadableFieldError(`there is no key "${id.slice(0, 16)}"`, place);
    const parts = { id, key, iv: Buffer.from(iv, 'base64url'), sealed: Buffer.from(sealed, 'base64url') };
    const whole = parts.iv.length === ivBytes && parts.sealed.length >= tagBytes;
    if (!whole) throw new UnreadableFieldError('it is not whole', place);
    return parts;
  }
}

/** One text for one place: a list in JSON cannot be read in two ways. */
function associatedData(keyId: string, { table, column, row }: FieldPlace): Buffer {
  return Buffer.from(JSON.stringify([format, keyId, table, column, String(row)]));
}
