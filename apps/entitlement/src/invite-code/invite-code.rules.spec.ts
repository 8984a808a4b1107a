import { describe, expect, it } from 'vitest';
import { codeAlphabet, grantOf, normaliseCode, problemOf, type InviteCode } from './invite-code.rules.js';

const now = new Date('2026-03-01T12:00:00Z');
const code: InviteCode = {
  id: 1,
  code: 'COSPLAY7',
  kind: 'system_trial',
  plan: 'trial',
  days: 7,
  maxUses: 3,
  uses: 0,
  validFrom: new Date('2026-03-01T12:00:00Z'),
  validUntil: new Date('2026-03-02T12:00:00Z'),
  enabled: true,
  ownerUserId: null,
};

describe('an invite code (U-05)', () => {
  it('is valid from its first to before its last instant', () => {
    expect(problemOf(code, now)).toBeNull();
    expect(problemOf(code, new Date(now.getTime() - 1))).toBe('invite_code.not_valid_now');
    expect(problemOf(code, new Date('2026-03-02T11:59:59.999Z'))).toBeNull();
    expect(problemOf(code, new Date('2026-03-02T12:00:00.000Z'))).toBe('invite_code.not_valid_now');
  });

  it('can be switched off and used up', () => {
    expect(problemOf({ ...code, enabled: false }, now)).toBe('invite_code.not_valid_now');
    expect(problemOf({ ...code, uses: 2 }, now)).toBeNull();
    expect(problemOf({ ...code, uses: 3 }, now)).toBe('invite_code.used_up');
    expect(problemOf({ ...code, uses: 1_000, maxUses: null }, now)).toBeNull();
  });

  it('is read whatever its case and blanks', () => {
    expect(normaliseCode('  cosPlay7 ')).toBe('COSPLAY7');
    expect(normaliseCode('　ｃｏｓＰＬＡＹ７')).toBe('COSPLAY7');
  });

  it('is made of characters that nobody mistakes for another', () => {
    expect(codeAlphabet).not.toMatch(/[01OIL]/);
    expect(new Set(codeAlphabet).size).toBe(codeAlphabet.length);
  });

  it('gives what its kind says', () => {
    expect(grantOf(code)).toEqual({ kind: 'trial', plan: 'trial', days: 7, newMembersOnly: false });
    expect(grantOf({ ...code, kind: 'system_formal', plan: 'year', days: 365 })).toMatchObject({
      kind: 'formal',
      days: 365,
    });
    expect(grantOf({ ...code, kind: 'member', plan: 'month', days: 30 })).toMatchObject({
      kind: 'formal',
      newMembersOnly: true,
    });
  });
});
