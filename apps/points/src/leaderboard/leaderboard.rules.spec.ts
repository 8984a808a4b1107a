import { describe, expect, it } from 'vitest';
import {
  cityScope,
  currentPeriods,
  earliestDay,
  fullHour,
  maySeeNational,
  percentileOf,
  scopesOf,
  setsOf,
} from './leaderboard.rules.js';

describe('leaderboards (P-08)', () => {
  it.each([
    ['2026-03-02', '2026-03-02', '2026-03-01', '2026-03-01'],
    ['2026-03-01', '2026-02-23', '2026-03-01', '2026-02-23'],
    ['2026-01-04', '2025-12-29', '2026-01-01', '2025-12-29'],
    ['2024-02-29', '2024-02-26', '2024-02-01', '2024-02-01'],
  ])('on %s the week began on %s, the month on %s, and days since %s matter', (day, monday, first, earliest) => {
    const periods = currentPeriods(day);
    expect(periods.firstDays).toEqual({ day, week: monday, month: first });
    expect(earliestDay(periods)).toBe(earliest);
    expect(periods.names).toEqual({
      day: `day-${day}`,
      week: `week-${monday}`,
      month: `month-${day.slice(0, 7)}`,
      all: 'all',
    });
  });

  it('puts a member on the boards of the regions and groups that are known', () => {
    expect(scopesOf({ province: null, city: 'Shanghai', groups: [] })).toEqual(['national']);
    expect(scopesOf({ province: 'CN-SH', city: null, groups: ['-100'] })).toEqual([
      'national',
      'province:CN-SH',
      'group:-100',
    ]);
    expect(scopesOf({ province: 'CN-SH', city: ' Shànghǎi ', groups: [] })).toContain('city:CN-SH:shànghǎi');
  });

  it('takes spellings of one city as one, and cities of one name in two provinces as two', () => {
    expect(cityScope('RU-MOW', 'МОСКВА ')).toBe(cityScope('RU-MOW', 'Москва'));
    expect(cityScope('US-OR', 'Portland')).not.toBe(cityScope('US-ME', 'Portland'));
  });

  it('has a set for each metric and period of a scope', () => {
    const sets = setsOf('g1', currentPeriods('2026-03-02'), ['national', 'group:-1']);
    expect(sets).toHaveLength(16);
    expect(new Set(sets.map(({ set }) => set)).size).toBe(16);
    expect(sets[0]?.set).toBe('g1:points:day-2026-03-02:national');
  });

  it.each([
    [0, 1, 100],
    [0, 2, 0],
    [1, 2, 100],
    [1, 4, 33.3],
    [999_999, 1_000_000, 100],
  ])('%i of %i below is the percentile %f', (below, members, percentile) => {
    expect(percentileOf(below, members)).toBe(percentile);
  });

  it('shows the national board to VIP members and staff', () => {
    expect(['member', 'vip', 'operator', 'admin', 'super_admin'].map(maySeeNational)).toEqual([
      false,
      true,
      true,
      true,
      true,
    ]);
  });

  it('knows the full hour', () => {
    expect(fullHour(new Date('2026-03-01T08:59:59.999Z')).toISOString()).toBe('2026-03-01T08:00:00.000Z');
  });
});
