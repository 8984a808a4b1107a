import { describe, expect, it } from 'vitest';
import { countTry, triesAtMost, type LoginTries } from './login-limits.rules.js';

const start = new Date('2026-03-01T12:00:00Z');
const later = (minutes: number): Date => new Date(start.getTime() + minutes * 60_000);

function afterTries(count: number, now = start): LoginTries | null {
  let kept: LoginTries | null = null;
  for (let index = 0; index < count; index += 1) kept = countTry(kept, now).next;
  return kept;
}

describe('tries to sign in (U-13)', () => {
  it('are five in a quarter of an hour, then none for as long', () => {
    expect(countTry(afterTries(triesAtMost - 1), later(14)).allowed).toBe(true);
    const sixth = countTry(afterTries(triesAtMost), later(14));
    expect(sixth).toMatchObject({ allowed: false, retryAfterSeconds: 900 });
    expect(countTry(sixth.next, later(28))).toMatchObject({ allowed: false, retryAfterSeconds: 60 });
    expect(countTry(sixth.next, later(29))).toMatchObject({ allowed: true, next: { tries: 1, lockedUntil: null } });
  });

  it('begin anew when the quarter of an hour is over', () => {
    expect(countTry(afterTries(triesAtMost), later(15))).toMatchObject({ allowed: true, next: { tries: 1 } });
  });

  it('while locked do not prolong the lock', () => {
    const locked = countTry(afterTries(triesAtMost), start).next;
    expect(countTry(locked, later(10)).next).toEqual(locked);
  });
});
