import { describe, expect, it } from 'vitest';
import { hasRenewedSince } from './reminder.rules.js';

const endsAt = new Date('2026-03-01T12:00:00.000Z');
const later = (byMs: number): Date => new Date(endsAt.getTime() + byMs);

describe('a membership beyond the end that a reminder tells of (U-06)', () => {
  it.each([
    ['ends a millisecond later', { expiresAt: later(1) }, true],
    ['ends just then', { expiresAt: later(0) }, false],
    ['ended before', { expiresAt: later(-1) }, false],
    ['is permanent', { expiresAt: null }, true],
    ['has not been heard of', null, false],
  ])('%s', (_, membership, expected) => {
    expect(hasRenewedSince(endsAt, membership)).toBe(expected);
  });
});
