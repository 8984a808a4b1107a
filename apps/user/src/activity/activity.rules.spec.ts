import { describe, expect, it } from 'vitest';
import { activityDay, daysBetween, periodStart } from './activity.rules.js';

describe('the days of activity (U-17)', () => {
  const now = new Date('2026-03-01T23:59:59.999Z');

  it('are those of UTC, and a period ends today', () => {
    expect(activityDay(now)).toBe('2026-03-01');
    expect(periodStart(now, 1)).toBe('2026-03-01');
    expect(periodStart(now, 7)).toBe('2026-02-23');
    expect(periodStart(now, 30)).toBe('2026-01-31');
  });

  it('are listed one by one, three months at most', () => {
    expect(daysBetween('2026-02-27', '2026-03-01')).toEqual(['2026-02-27', '2026-02-28', '2026-03-01']);
    expect(daysBetween('2026-03-01', '2026-03-01')).toEqual(['2026-03-01']);
    expect(daysBetween('2026-03-02', '2026-03-01')).toBeNull();
    expect(daysBetween('2026-01-01', '2026-04-02')).toHaveLength(92);
    expect(daysBetween('2026-01-01', '2026-04-03')).toBeNull();
  });
});
