import { describe, expect, it } from 'vitest';
import { rankNames } from '#contracts';
import { rankOf, rankReached } from './rank.rules.js';

describe('ranks by check-in days (P-04)', () => {
  it.each([
    [1, 'bronze', 1],
    [7, 'bronze', 7],
    [8, 'silver', 1],
    [30, 'silver', 23],
    [31, 'gold', 1],
    [61, 'platinum', 1],
    [90, 'platinum', 30],
    [91, 'diamond', 1],
    [181, 'starlight', 1],
    [271, 'king', 1],
    [365, 'king', 95],
    [366, 'peerless_king', 1],
    [547, 'peerless_king', 182],
    [548, 'legendary_king', 1],
    [99_999, 'legendary_king', 99_452],
  ])('%i days are %s with %i stars', (days, name, stars) => {
    expect(rankOf(days)).toMatchObject({ name, stars });
  });

  it('none comes before the first day, and nothing after the last rank', () => {
    expect(rankOf(0)).toBeNull();
    expect(rankOf(1)?.nextFromDays).toBe(8);
    expect(rankOf(548)?.nextFromDays).toBeNull();
  });

  it('is reached when the name changes; the first of all is no rise', () => {
    expect(rankReached(0, 1)).toBeNull();
    expect(rankReached(6, 7)).toBeNull();
    expect(rankReached(7, 8)).toMatchObject({ from: 'bronze', to: { name: 'silver', stars: 1 } });
    const reached = Array.from({ length: 600 }, (_, days) => rankReached(days, days + 1)).filter(Boolean);
    expect(reached.map((step) => step?.to.name)).toEqual(rankNames.slice(1));
  });
});
