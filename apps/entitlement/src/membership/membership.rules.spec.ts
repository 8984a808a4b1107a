import { describe, expect, it } from 'vitest';
import { membershipAt, trialPeriod } from './membership.rules.js';

const start = new Date('2026-03-01T00:00:00Z');

describe('a membership (U-06)', () => {
  it('is none for who never registered', () => {
    expect(membershipAt(null, start)).toEqual({ state: 'none', plan: null, started_at: null, expires_at: null });
  });

  it('expires by the clock, to the millisecond', () => {
    const trial = trialPeriod(start, 7);
    expect(membershipAt(trial, new Date('2026-03-07T23:59:59.999Z')).state).toBe('trial');
    expect(membershipAt(trial, new Date('2026-03-08T00:00:00.000Z')).state).toBe('expired');
  });

  it('has no end when it is permanent', () => {
    const permanent = { kind: 'permanent' as const, plan: 'permanent', startedAt: start, expiresAt: null };
    expect(membershipAt(permanent, new Date('2999-01-01T00:00:00Z'))).toMatchObject({
      state: 'permanent',
      expires_at: null,
    });
  });
});
