import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import {
  BlindIndex,
  encryptionEnvironment,
  FieldCipher,
  KeyRing,
  plainCharactersAtMost,
  UnreadableFieldError,
} from './index.js';

const place = { table: 'user_phones', column: 'phone', row: 7 };
const keyText = (): string => randomBytes(32).toString('base64');
const ringOf = (...ids: string[]): KeyRing => new KeyRing(ids.map((id) => ({ id, key: randomBytes(32) })));

describe('FieldCipher (O-04)', () => {
  it('reads what it wrote, whatever the text', () => {
    const cipher = new FieldCipher(ringOf('a'));
    for (const text of ['', '+8613800138000', '漫展 🎭', 'x'.repeat(plainCharactersAtMost)]) {
      expect(cipher.decrypt(cipher.encrypt(text, place), place)).toBe(text);
    }
  });

  it('writes the same text differently each time, and shows nothing of it', () => {
    const cipher = new FieldCipher(ringOf('a'));
    const written = new Set(Array.from({ length: 100 }, () => cipher.encrypt('+8613800138000', place)));
    expect(written.size).toBe(100);
    for (const field of written) expect(field).toMatch(/^v1:a:[\w-]{16}:[\w-]+$/);
  });

  it('does not read a field that stood in another table, column or row', () => {
    const cipher = new FieldCipher(ringOf('a'));
    const field = cipher.encrypt('secret', place);
    for (const other of [
      { ...place, row: 8 },
      { ...place, column: 'email' },
      { ...place, table: 'users' },
    ]) {
      expect(() => cipher.decrypt(field, other)).toThrow(UnreadableFieldError);
    }
    expect(cipher.decrypt(field, { ...place, row: '7' })).toBe('secret');
  });

  it('does not read a field of which one bit was changed', () => {
    const cipher = new FieldCipher(ringOf('a'));
    const [version, id, iv, sealed] = cipher.encrypt('secret', place).split(':') as [string, string, string, string];
    for (const [changedIv, changedSealed] of [
      [iv, flipped(sealed, 0)],
      [iv, flipped(sealed, -1)],
      [flipped(iv, 3), sealed],
    ]) {
      expect(() => cipher.decrypt([version, id, changedIv, changedSealed].join(':'), place)).toThrow('it was changed');
    }
  });

  it.each([
    ['', 'form is unknown'],
    ['+8613800138000', 'form is unknown'],
    ['v2:a:b:c', 'form is unknown'],
    ['v1:a:b:c:d', 'form is unknown'],
    ['v1:z:AAAAAAAAAAAAAAAA:AAAA', 'no key "z"'],
    ['v1:a:AAAA:AAAAAAAAAAAAAAAAAAAAAA', 'not whole'],
    ['v1:a:AAAAAAAAAAAAAAAA:AAAA', 'not whole'],
  ])('refuses %j', (stored, reason) => {
    expect(() => new FieldCipher(ringOf('a')).decrypt(stored, place)).toThrow(reason);
  });

  it('refuses a text that fits no column', () => {
    expect(() => new FieldCipher(ringOf('a')).encrypt('x'.repeat(plainCharactersAtMost + 1), place)).toThrow(
      RangeError,
    );
  });

  it('reads with every key and writes with the first', () => {
    const old = { id: '2026a', key: randomBytes(32) };
    const fresh = { id: '2026b', key: randomBytes(32) };
    const field = new FieldCipher(new KeyRing([old])).encrypt('secret', place);
    const cipher = new FieldCipher(new KeyRing([fresh, old]));
    expect(cipher.decrypt(field, place)).toBe('secret');
    expect(cipher.encrypt('secret', place).startsWith(cipher.currentPrefix)).toBe(true);
    expect(cipher.currentPrefix).toBe('v1:2026b:');
    expect(() => new FieldCipher(new KeyRing([fresh])).decrypt(field, place)).toThrow('no key "2026a"');
  });
});

describe('BlindIndex (O-04)', () => {
  it('is the same for the same text and purpose, under each key', () => {
    const ring = ringOf('2', '1');
    const index = new BlindIndex(ring, 'phone');
    expect(index.entries('+86138')).toEqual(new BlindIndex(ring, 'phone').entries('+86138'));
    expect(index.entries('+86138').map(({ version }) => version)).toEqual([2, 1]);
    expect(index.newestVersion).toBe(2);
    const hashes = [
      ...index.entries('+86138'),
      ...index.entries('+86139'),
      ...new BlindIndex(ring, 'email').entries('+86138'),
    ];
    expect(new Set(hashes.map(({ hash }) => hash)).size).toBe(6);
  });
});

describe('the settings of encryption', () => {
  const schema = z.object(encryptionEnvironment);
  const good = { ENCRYPTION_KEYS: `b:${keyText()}, a:${keyText()}`, BLIND_INDEX_KEYS: `1:${keyText()}` };

  it('takes keys in base64 and base64url, the newest first', () => {
    const settings = schema.parse({ ...good, BLIND_INDEX_KEYS: `1:${randomBytes(32).toString('base64url')}` });
    expect(settings.ENCRYPTION_KEYS.keys.map(({ id }) => id)).toEqual(['b', 'a']);
    expect(settings.BLIND_INDEX_KEYS.newest.key).toHaveLength(32);
  });

  it.each([
    ['ENCRYPTION_KEYS', 'a'],
    ['ENCRYPTION_KEYS', `A:${keyText()}`],
    ['ENCRYPTION_KEYS', `a:${randomBytes(31).toString('base64')}`],
    ['ENCRYPTION_KEYS', `a:${keyText()},a:${keyText()}`],
    ['ENCRYPTION_KEYS', `a:${keyText()},`],
    ['ENCRYPTION_KEYS', Array.from({ length: 17 }, (_, index) => `k${index}:${keyText()}`).join(',')],
    ['BLIND_INDEX_KEYS', `one:${keyText()}`],
    ['BLIND_INDEX_KEYS', `0:${keyText()}`],
  ])('refuses a bad %s without showing it', (name, value) => {
    const parsed = schema.safeParse({ ...good, [name]: value });
    expect(parsed.error?.issues.map(({ path }) => path)).toEqual([[name]]);
    for (const secret of value.match(/[A-Za-z0-9+/]{20,}/g) ?? []) expect(parsed.error?.message).not.toContain(secret);
  });

  it('needs keys', () => {
    expect(() => new KeyRing([])).toThrow();
    expect(schema.safeParse({}).success).toBe(false);
  });
});

function flipped(encoded: string, at: number): string {
  const bytes = Buffer.from(encoded, 'base64url');
  const index = at < 0 ? bytes.length + at : at;
  bytes.writeUInt8(bytes.readUInt8(index) ^ 1, index);
  return bytes.toString('base64url');
}
