import { describe, expect, it } from 'vitest';
import { addFlow, rangeProblem } from './statistics.rules.js';

describe('statistics (P-10)', () => {
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
