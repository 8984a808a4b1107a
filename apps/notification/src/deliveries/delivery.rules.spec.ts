import { describe, expect, it } from 'vitest';
import { expiryOf, isBelievedBlocked, settle, shortError, waitForContact } from './delivery.rules.js';

const now = new Date('2026-03-01T12:00:00.000Z');
const after = (milliseconds: number): Date => new Date(now.getTime() + milliseconds);
const minuteMs = 60_000;

describe('settle', () => {
  it('counts the attempt that succeeded', () => {
    expect(settle('email', 2, { kind: 'sent' }, now)).toEqual({ status: 'sent', attempts: 3 });
  });

  it('spends no attempt on a deferral, however often', () => {
    const until = after(12_966_000);
    expect(settle('telegram', 6, { kind: 'deferred', until, reason: 'telegram 429' }, now)).toEqual({
      status: 'pending',
      attempts: 6,
      dueAt: until,
      error: 'telegram 429',
    });
  });

  it('tries a mail again after 1, 5 and 10 minutes, then gives up', () => {
    const failed = { kind: 'failed', reason: 'smtp 451' } as const;
    const settlements = [0, 1, 2, 3].map((attempts) => settle('email', attempts, failed, now));
    expect(
      settlements.map((settlement) => (settlement.status === 'pending' ? settlement.dueAt : settlement.status)),
    ).toEqual([after(minuteMs), after(5 * minuteMs), after(10 * minuteMs), 'failed']);
    expect(settlements.map(({ attempts }) => attempts)).toEqual([1, 2, 3, 4]);
  });

  it('gives up at once what will never work', () => {
    expect(settle('email', 0, { kind: 'refused', reason: 'smtp 550: no <aki@example.org>' }, now)).toEqual({
      status: 'failed',
      attempts: 1,
      error: 'smtp 550: no <[address]>',
    });
  });
});

describe('shortError', () => {
  it('is one line without addresses and fits its column', () => {
    expect(shortError('550 5.1.1\n user  a.b@c.example unknown ')).toBe('550 5.1.1 user [address] unknown');
    expect(shortError('x'.repeat(1000))).toHaveLength(255);
  });
});

describe('waitForContact', () => {
  it('asks again soon at first, then ever less often', () => {
    const dueAfter = (ageMs: number): number => {
      const outcome = waitForContact(after(-ageMs), now);
      if (outcome.kind !== 'deferred') throw new Error('expected to wait');
      return outcome.until.getTime() - now.getTime();
    };
    expect([0, 10_000, 30 * minuteMs].map(dueAfter)).toEqual([500, 5_000, minuteMs]);
  });

  it('gives up after an hour', () => {
    expect(waitForContact(after(-60 * minuteMs), now)).toEqual({ kind: 'refused', reason: 'contact_unknown' });
    expect(waitForContact(after(-60 * minuteMs + 1), now).kind).toBe('deferred');
  });
});

describe('isBelievedBlocked', () => {
  it('leaves a blocked chat alone for a day, then tries again', () => {
    expect(isBelievedBlocked(null, now)).toBe(false);
    expect(isBelievedBlocked(after(-1), now)).toBe(true);
    expect(isBelievedBlocked(after(-24 * 60 * minuteMs), now)).toBe(false);
  });
});

describe('expiryOf', () => {
  it('counts from the fact', () => {
    expect(expiryOf('code', now)).toEqual(after(10 * minuteMs));
    expect(expiryOf('transactional', now)).toEqual(after(72 * 60 * minuteMs));
    expect(expiryOf('receipt', now)).toEqual(after(24 * 60 * minuteMs));
  });
});
