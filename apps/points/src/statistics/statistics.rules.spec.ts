import { describe, expect, it } from 'vitest';
import { communityDay } from '#calendar';
import { addFlow, dayStart, rangeProblem } from './statistics.rules.js';

describe('statistics (P-10)', () => {
  it.each([
    ['2026-03-01', 'Asia/Shanghai', '2026-02-28T16:00:00.000Z'],
    ['2026-03-01', 'Pacific/Kiritimati', '2026-02-28T10:00:00.000Z'],
    ['2026-03-01', 'Pacific/Pago_Pago', '2026-03-01T11:00:00.000Z'],
    ['2026-03-08', 'America/New_York', '2026-03-08T05:00:00.000Z'],
    ['2026-03-09', 'America/New_York', '2026-03-09T04:00:00.000Z'],
    ['2026-04-24', 'Africa/Cairo', '2026-04-23T22:00:00.000Z'],
  ])('a day %s in %s begins at %s', (day, timezone, start) => {
    const from = dayStart(day, timezone);
    expect(from.toISOString()).toBe(start);
    expect(communityDay(from, timezone)).toBe(day);
    expect(communityDay(new Date(from.getTime() - 1), timezone) < day).toBe(true);
  });

  it.each([
    ['2026-03-01', '2026-03-31', null],
    ['2026-03-01', '2026-04-01', 'more_than_31_days'],
    ['2026-03-02', '2026-03-01', 'ends_before_it_begins'],
  ])('from %s until %s: %s', (from, until, problem) => {
    expect(rangeProblem(from, until)).toBe(problem);
  });

  it('tell what came from what went', () => {
    expect(addFlow(addFlow({ issued: 0, spent: 0 }, 10), -4)).toEqual({ issued: 10, spent: 4 });
  });
});
