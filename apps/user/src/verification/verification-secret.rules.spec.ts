import { describe, expect, it } from 'vitest';
import { deriveCodeKey, hashCode, hashToken, holdsCode } from './verification-secret.rules.js';

const key = deriveCodeKey('first text');

describe('code hashes', () => {
  it('are bound to the row and to the key', () => {
    const hash = hashCode(key, 'row', '123456');
    expect(hash).toMatch(/^[0-9a-f]{64}$/);
    expect(hashCode(key, 'other row', '123456')).not.toBe(hash);
    expect(hashCode(deriveCodeKey('second text'), 'row', '123456')).not.toBe(hash);
    expect(hashCode(deriveCodeKey('first text'), 'row', '123456')).toBe(hash);
  });

  it('are found among several codes', () => {
    const row = { id: 'row', code_hash: hashCode(key, 'row', '000042') };
    expect(holdsCode(key, row, ['111111', '000042'])).toBe(true);
    expect(holdsCode(key, row, ['111111', '42'])).toBe(false);
    expect(holdsCode(key, row, [])).toBe(false);
    expect(holdsCode(key, { id: 'row', code_hash: 'broken' }, ['000042'])).toBe(false);
  });
});

describe('hashToken', () => {
  it('hides the token', () => {
    expect(hashToken('a token')).toMatch(/^[0-9a-f]{64}$/);
    expect(hashToken('a token')).not.toBe(hashToken('another'));
  });
});
