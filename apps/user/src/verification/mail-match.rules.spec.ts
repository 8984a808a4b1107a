import { describe, expect, it } from 'vitest';
import { addresseeOf, matchMail, type IssuedCode, type StoredVerificationStatus } from './mail-match.rules.js';

const now = new Date('2026-11-20T12:00:00.000Z');
const code = (id: string, status: StoredVerificationStatus, secondsLeft: number, hit: boolean): IssuedCode => ({
  id,
  status,
  expiresAt: new Date(now.getTime() + secondsLeft * 1000),
  hit,
});

describe('matchMail', () => {
  it('binds the waiting code that was mailed, whoever waits besides', () => {
    const mailed = code('old', 'pending', 1, true);
    expect(matchMail([code('new', 'pending', 600, false), mailed], now)).toEqual({ kind: 'bind', code: mailed });
  });

  it('gives nobody an address that two waiting members were given the same code for', () => {
    const twins = [code('one', 'pending', 600, true), code('two', 'pending', 500, true)];
    expect(matchMail(twins, now)).toEqual({ kind: 'wrong', code: twins[0] });
  });

  it.each([
    ['pending', 0, 'expired'],
    ['pending', -1, 'expired'],
    ['expired', -1, 'expired'],
    ['replaced', 100, 'replaced'],
    ['replaced', -1, 'expired'],
    ['refused', 100, 'replaced'],
  ] as const)('a %s code with %d s left is late: %s', (status, secondsLeft, reason) => {
    const mailed = code('old', status, secondsLeft, true);
    expect(matchMail([code('new', 'pending', 600, false), mailed], now)).toEqual({
      kind: 'late',
      code: mailed,
      reason,
    });
  });

  it('takes a code that was used for what it is', () => {
    expect(matchMail([code('old', 'bound', -1, true)], now)).toEqual({ kind: 'used' });
  });

  it('counts a wrong code against the newest waiting one, and against nobody when nobody waits', () => {
    const newest = code('new', 'pending', 600, false);
    expect(matchMail([newest, code('old', 'pending', 10, false)], now)).toEqual({ kind: 'wrong', code: newest });
    expect(matchMail([code('over', 'pending', 0, false), code('done', 'bound', -9, false)], now)).toEqual({
      kind: 'none',
    });
    expect(matchMail([], now)).toEqual({ kind: 'none' });
  });
});

describe('addresseeOf', () => {
  it('is whose code the mail holds, else who waits last', () => {
    const [newest, hit] = [code('new', 'pending', 600, false), code('old', 'pending', 10, true)];
    expect(addresseeOf([newest, hit], now)).toBe(hit);
    expect(addresseeOf([newest], now)).toBe(newest);
    expect(addresseeOf([code('over', 'pending', 0, true), code('done', 'bound', 5, true)], now)).toBeNull();
  });
});
