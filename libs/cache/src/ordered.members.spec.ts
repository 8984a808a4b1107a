import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { OrderedMembers } from './ordered.members.js';
import type { ScoredMember } from './score.sets.js';

function inOrder(left: ScoredMember, right: ScoredMember): number {
  return right.score - left.score || left.member - right.member;
}

describe('ordered members', () => {
  it('agree with sorting, also when they fill several runs and empty them again', () => {
    // Few scores, so that runs are cut between equals; enough members for runs to be cut and to vanish.
    const sizes = fc.integer({ min: 1_500, max: 4_000 });
    const scores = fc.infiniteStream(fc.nat(40));
    fc.assert(
      fc.property(sizes, scores, fc.infiniteStream(fc.boolean()), (size, score, leaves) => {
        const entries = Array.from({ length: size }, (_, member) => ({ member, score: score.next().value as number }));
        const order = new OrderedMembers();
        for (const entry of entries) order.insert(entry);
        expect(order.slice(0, size)).toEqual([...entries].sort(inOrder));
        const stayed = entries.filter(({ score: points }) => points % 8 !== 3 && leaves.next().value === true);
        for (const entry of entries.filter((one) => !stayed.includes(one))) order.remove(entry);
        stayed.sort(inOrder);
        expect([order.size, order.slice(0, size)]).toEqual([stayed.length, stayed]);
        for (const position of [0, 1, Math.floor(stayed.length / 2), stayed.length - 1]) {
          const entry = stayed[position];
          if (!entry) continue;
          expect(order.positionOf(entry)).toBe(position);
          expect(order.slice(position, 3)).toEqual(stayed.slice(position, position + 3));
        }
        expect(order.positionOf({ member: Infinity, score: -1 })).toBe(stayed.length);
        for (const entry of stayed) order.remove(entry);
        expect([order.size, order.slice(0, 5)]).toEqual([0, []]);
      }),
      { numRuns: 8 },
    );
  });

  it('take an entry behind all others, and before all', () => {
    const order = new OrderedMembers();
    for (const score of [5, 1, 9, 1, 5].entries()) order.insert({ member: score[0], score: score[1] });
    expect(order.slice(0, 9).map(({ member }) => member)).toEqual([2, 0, 4, 1, 3]);
    expect(order.slice(4, 9)).toEqual([{ member: 3, score: 1 }]);
    expect(order.slice(5, 9)).toEqual([]);
  });
});
