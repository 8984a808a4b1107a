import { describe, expect, it } from 'vitest';
import { needsSecondAdmin, refusalToDecide, stateAt } from './adjustment.rules.js';

const wanted = { userId: 7, adminId: 1, unreviewedPoints: 0 };

describe('adjustments (P-09)', () => {
  it.each([
    [1000, 0, false],
    [-1000, 0, false],
    [1001, 0, true],
    [-1001, 0, true],
    [1, 1000, true],
    [-400, 600, false],
    [-401, 600, true],
  ])('%i points after %i in the window: second admin %s', (points, unreviewedPoints, expected) => {
    expect(needsSecondAdmin({ ...wanted, points, unreviewedPoints }, 1000)).toBe(expected);
  });

  it('always needs another admin for one’s own account', () => {
    expect(needsSecondAdmin({ ...wanted, userId: 1, points: 1 }, 1000)).toBe(true);
  });

  it.each([
    ['pending', 2, null],
    ['pending', 1, 'adjustment.second_admin_required'],
    ['pending', 7, 'adjustment.second_admin_required'],
    ['expired', 2, 'adjustment.expired'],
    ['applied', 2, 'adjustment.already_decided'],
    ['rejected', 1, 'adjustment.already_decided'],
  ] as const)('%s, decided by %i: %s', (state, adminId, expected) => {
    expect(refusalToDecide({ state, userId: 7, requestedBy: 1 }, adminId)).toBe(expected);
  });

  it('expires by the clock, at the very moment', () => {
    const end = new Date('2026-03-01T12:00:00.000Z');
    const before = new Date(end.getTime() - 1);
    expect(stateAt('pending', end, before)).toBe('pending');
    expect(stateAt('pending', end, end)).toBe('expired');
    expect(stateAt('applied', end, end)).toBe('applied');
    expect(stateAt('applied', null, end)).toBe('applied');
  });
});
