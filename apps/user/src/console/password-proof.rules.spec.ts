import { describe, expect, it } from 'vitest';
import { openProof, provesPasswordOf, sealProof } from './password-proof.rules.js';

const key = Buffer.alloc(32, 1);
const now = new Date('2026-03-01T12:00:00Z');
const proof = { username: 'ada', userId: 7, isRight: true, passwordVersion: 1, expiresAtMs: now.getTime() + 1 };

describe('a proof of a password (U-13)', () => {
  it('opens with its key, in time', () => {
    const sealed = sealProof(proof, key);
    expect(openProof(sealed, key, now)).toEqual(proof);
    expect(openProof(sealed, key, new Date(proof.expiresAtMs))).toBeNull();
    expect(openProof(sealed, Buffer.alloc(32, 2), now)).toBeNull();
  });

  it.each(['', '.', 'x.y', sealProof(proof, key).slice(1), `${sealProof(proof, key)}x`])('%j is none', (sealed) =>
    expect(openProof(sealed, key, now)).toBeNull(),
  );

  it('is one of the account’s own password as it is now, or proves nothing', () => {
    const account = { user_id: 7, password_version: 1 };
    expect(provesPasswordOf(account, proof)).toBe(true);
    for (const other of [null, { ...proof, isRight: false }, { ...proof, userId: 8 }, { ...proof, passwordVersion: 2 }])
      expect(provesPasswordOf(account, other)).toBe(false);
  });
});
