import { describe, expect, it } from 'vitest';
import { countedMs, secondsUntilForgotten, tryScopes } from './verification-limits.rules.js';

describe('tryScopes', () => {
  it('counts a try under member, sender, domain and all', () => {
    expect(tryScopes(7, 'ann@mail.example').map(({ name, limit }) => `${name} ${limit}`)).toEqual([
      'user:7 5',
      'sender:ann@mail.example 10',
      'domain:mail.example 200',
      'global 2000',
    ]);
  });

  it('fits its column', () => {
    const long = `${'a'.repeat(60)}@${'b.'.repeat(40)}example`;
    for (const { name } of tryScopes(Number.MAX_SAFE_INTEGER, long)) expect(name.length).toBeLessThanOrEqual(200);
  });
});

describe('secondsUntilForgotten', () => {
  const now = new Date('2026-11-20T12:00:00.000Z');
  it.each([
    [0, 3600],
    [1, 3600],
    [1000, 3599],
    [countedMs - 1, 1],
    [countedMs, 1],
  ])('something %d ms ago is forgotten in %d s', (agoMs, seconds) => {
    expect(secondsUntilForgotten(new Date(now.getTime() - agoMs), now)).toBe(seconds);
  });
});
