import { describe, expect, it } from 'vitest';
import { ranksOf } from './leaderboard-rank.rules.js';

const scores = (...values: number[]) => values.map((score) => ({ score }));

describe('ranks of a leaderboard', () => {
  it('are equal for equal scores, and the next one counts all of them', () => {
    expect(ranksOf(scores(9, 7, 7, 5), 0, 0)).toEqual([1, 2, 2, 4]);
    expect(ranksOf(scores(7, 7, 7), 0, 0)).toEqual([1, 1, 1]);
  });

  it('go on where the page before ended, also within equals', () => {
    // Positions 2 and 3 of 9 7 7 5: the member at position 2 shares rank 2 with the one before the page.
    expect(ranksOf(scores(7, 5), 2, 1)).toEqual([2, 4]);
    expect(ranksOf(scores(3, 3, 1), 10, 10)).toEqual([11, 11, 13]);
  });

  it('of nobody are none', () => {
    expect(ranksOf([], 5, 5)).toEqual([]);
  });
});
