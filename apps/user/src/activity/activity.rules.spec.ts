import { describe, expect, it } from 'vitest';
import { daysFrom, periodStart, spansOf } from './activity.rules.js';

describe('the days of activity (U-17)', () => {
  it('are those of the community, and a period ends today', () => {
    const now = new Date('2026-03-01T16:00:00Z');
    expect(periodStart(now, 1, 'UTC')).toBe('2026-03-01');
    expect(periodStart(now, 1, 'Asia/Shanghai')).toBe('2026-03-02');
    expect(periodStart(now, 7, 'Asia/Shanghai')).toBe('2026-02-24');
    expect(periodStart(now, 30, 'Asia/Shanghai')).toBe('2026-02-01');
  });

  it('are listed one by one, three months at most', () => {
    expect(daysFrom('2026-02-27', '2026-03-01')).toEqual(['2026-02-27', '2026-02-28', '2026-03-01']);
    expect(daysFrom('2026-03-01', '2026-03-01')).toEqual(['2026-03-01']);
    expect(daysFrom('2026-03-02', '2026-03-01')).toBeNull();
    expect(daysFrom('2026-01-01', '2026-04-02')).toHaveLength(92);
    expect(daysFrom('2026-01-01', '2026-04-03')).toBeNull();
  });

  it("begin and end on the community's clock, also where it is changed", () => {
    const [before, shortest] = spansOf(['2026-03-28', '2026-03-29'], 'Europe/Berlin');
    expect(before).toEqual({
      day: '2026-03-28',
      startsAt: new Date('2026-03-27T23:00:00Z'),
      endsAt: new Date('2026-03-28T23:00:00Z'),
    });
    expect([shortest?.startsAt, shortest?.endsAt]).toEqual([
      new Date('2026-03-28T23:00:00Z'),
      new Date('2026-03-29T22:00:00Z'),
    ]);
  });
});
