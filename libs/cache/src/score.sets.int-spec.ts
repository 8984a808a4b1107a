import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { loadConfiguration, urlOf } from '#config';
import { eventually } from '#testing';
import { CacheUnavailableError, openScoreSets, type ScoredMember, type ScoreSets } from './index.js';

const { TEST_REDIS_URL: redisUrl } = loadConfiguration(
  z.object({ TEST_REDIS_URL: urlOf('redis', 'rediss').optional() }),
);
const kinds = [
  { title: 'in memory', url: undefined, isThere: true },
  { title: 'in Redis', url: redisUrl, isThere: redisUrl !== undefined },
];

describe.each(kinds)('score sets $title', ({ url, isThere }) => {
  describe.runIf(isThere)('', () => {
    let sets: ScoreSets;
    let serial = 0;
    const place = `place [*] ${process.pid}:${Math.random()}`;
    const fresh = (): string => `${place}:${(serial += 1)}`;

    beforeAll(async () => {
      sets = await openScoreSets({ redisUrl: url, prefix: 'test:' });
      await eventually(() => sets.size(place));
    });
    afterAll(async () => {
      await sets.drop(place);
      await sets.close();
    });

    it('orders by score, among equals by member number', async () => {
      const set = fresh();
      await sets.put([
        { set, member: 100, score: 5 },
        { set, member: 9, score: 5 },
        { set, member: 2_000_000_000_000, score: 7 },
        { set, member: 3, score: 0 },
      ]);
      expect(await sets.top(set, 0, 10)).toEqual([
        { member: 2_000_000_000_000, score: 7 },
        { member: 9, score: 5 },
        { member: 100, score: 5 },
        { member: 3, score: 0 },
      ]);
      expect(await sets.top(set, 1, 2)).toEqual([
        { member: 9, score: 5 },
        { member: 100, score: 5 },
      ]);
      const facts = { score: 5, above: 1, below: 1, size: 4, next: 7 };
      const alone = { from: 2, above: 1, members: [{ member: 100, score: 5 }] };
      expect(await sets.standing(set, 100)).toEqual({ ...facts, position: 2, around: alone });
      const around = { from: 0, above: 0, members: await sets.top(set, 0, 4) };
      expect(await sets.standing(set, 9, 2)).toEqual({ ...facts, position: 1, around });
      expect(await sets.standing(set, 2_000_000_000_000)).toMatchObject({ above: 0, next: null });
      expect(await sets.standing(set, 8)).toBeNull();
      expect(await sets.size(set)).toBe(4);
    });

    it('sets scores absolutely, keeps sets apart, and lets members go', async () => {
      const [one, two] = [fresh(), fresh()];
      await sets.put([
        { set: one, member: 1, score: 5 },
        { set: two, member: 1, score: 8 },
      ]);
      await sets.put([{ set: one, member: 1, score: 6 }]);
      await sets.put([{ set: one, member: 1, score: 6 }]);
      expect(await sets.top(one, 0, 5)).toEqual([{ member: 1, score: 6 }]);
      await sets.put([{ set: one, member: 1, score: null }]);
      expect([await sets.size(one), await sets.size(two)]).toEqual([0, 1]);
    });

    it('takes away the sets whose name begins so, and no other', async () => {
      const set = fresh();
      await sets.put(
        [`${set}:a`, `${set}:b`, `${set.replace('[*]', 'x')}:a`].map((name) => ({ set: name, member: 1, score: 1 })),
      );
      await sets.drop(`${set}:`);
      expect([await sets.size(`${set}:a`), await sets.size(`${set}:b`)]).toEqual([0, 0]);
      expect(await sets.size(`${set.replace('[*]', 'x')}:a`)).toBe(1);
      await sets.drop(set.replace('[*]', 'x'));
    });

    it('agrees with sorting', async () => {
      const change = fc.record({ member: fc.integer({ min: 1, max: 30 }), score: fc.option(fc.nat(8)) });
      await fc.assert(
        fc.asyncProperty(fc.array(change, { maxLength: 60 }), async (changes) => {
          const set = fresh();
          await sets.put(changes.map((one) => ({ set, ...one })));
          const scores = new Map<number, number>();
          for (const { member, score } of lastOfEach(changes)) if (score !== null) scores.set(member, score);
          const sorted = [...scores].map(([member, score]): ScoredMember => ({ member, score }));
          sorted.sort((left, right) => right.score - left.score || left.member - right.member);
          expect(await sets.top(set, 0, 100)).toEqual(sorted);
          for (const [position, { member, score }] of sorted.entries()) {
            const above = sorted.filter((other) => other.score > score).length;
            const below = sorted.filter((other) => other.score < score).length;
            const next = above === 0 ? null : sorted[above - 1]?.score;
            const size = sorted.length;
            const from = Math.max(0, position - 2);
            const members = sorted.slice(from, position + 3);
            const aboveFirst = sorted.filter((other) => other.score > (members[0]?.score ?? 0)).length;
            const around = { from, above: aboveFirst, members };
            expect(await sets.standing(set, member, 2)).toEqual({ score, position, above, below, size, next, around });
            const page = sorted.slice(position, position + 3);
            expect(await sets.page(set, position, 3)).toEqual({ members: page, above, size });
          }
          expect(await sets.page(set, sorted.length, 3)).toEqual({ members: [], above: 0, size: sorted.length });
        }),
        { numRuns: 30 },
      );
    });
  });
});

/** Where a member is changed twice in one call, the last change counts. */
function lastOfEach<Change extends { member: number }>(changes: readonly Change[]): Change[] {
  return [...new Map(changes.map((change) => [change.member, change])).values()];
}

describe('score sets in a Redis that is not there', () => {
  it('say so', async () => {
    const sets = await openScoreSets({ redisUrl: 'redis://127.0.0.1:1/0' });
    await expect(sets.size('any')).rejects.toThrow(CacheUnavailableError);
    await sets.close();
  });
});
