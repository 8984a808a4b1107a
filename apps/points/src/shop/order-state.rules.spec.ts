import { describe, expect, it } from 'vitest';
import { orderStatuses, type OrderStatus } from '#contracts';
import { decideMove, possibleMoves, type OrderActor } from './order-state.rules.js';

const actors: readonly OrderActor[] = ['member', 'admin', 'system'];

describe('the life of an order (P-07)', () => {
  it.each([
    ['paid', true, 'member', ['cancelled']],
    ['paid', true, 'admin', ['processing', 'shipped', 'cancelled']],
    ['paid', false, 'admin', ['processing', 'completed', 'cancelled']],
    ['processing', true, 'member', []],
    ['processing', true, 'admin', ['shipped', 'cancelled']],
    ['processing', false, 'admin', ['completed', 'cancelled']],
    ['shipped', true, 'member', ['completed']],
    ['shipped', true, 'admin', ['delivered', 'refunded']],
    ['delivered', true, 'member', ['completed']],
    ['delivered', true, 'admin', ['completed', 'refunded']],
    ['completed', true, 'member', []],
    ['completed', false, 'admin', ['refunded']],
    ['cancelled', true, 'admin', []],
    ['refunded', false, 'admin', []],
  ] as const)('%s (product: %s), for a %s: %j', (status, isProduct, actor, expected) => {
    expect(possibleMoves({ status, isProduct }, actor).sort()).toEqual([...expected].sort());
  });

  it('gives points back at most once on every way an order can go', () => {
    const walk = (status: OrderStatus, isProduct: boolean, refunds: number, steps: number): void => {
      expect(refunds).toBeLessThan(2);
      expect(steps).toBeLessThan(orderStatuses.length);
      for (const actor of actors)
        for (const to of possibleMoves({ status, isProduct }, actor)) {
          const move = decideMove({ status, isProduct }, to, actor, true);
          walk(to, isProduct, refunds + Number(move?.refunds ?? false), steps + 1);
        }
    };
    walk('paid', true, 0, 0);
    walk('paid', false, 0, 0);
  });

  it('takes back what was granted, and only that; what is cancelled always goes back to the stock', () => {
    expect(decideMove({ status: 'completed', isProduct: false }, 'refunded', 'admin', false)).toMatchObject({
      refunds: true,
      revokes: true,
      restocks: false,
    });
    expect(decideMove({ status: 'completed', isProduct: true }, 'refunded', 'admin', true)).toMatchObject({
      revokes: false,
      restocks: true,
    });
    expect(decideMove({ status: 'paid', isProduct: false }, 'cancelled', 'member', false)).toMatchObject({
      refunds: true,
      restocks: true,
      grants: false,
    });
    expect(decideMove({ status: 'processing', isProduct: false }, 'completed', 'admin', false)).toMatchObject({
      grants: true,
      refunds: false,
      ends: true,
    });
  });
});
