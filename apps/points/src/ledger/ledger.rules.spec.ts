import { describe, expect, it } from 'vitest';
import { AppError } from '#contracts';
import {
  assertPositivePoints,
  assertRecordPoints,
  balanceAtMost,
  decideFreeze,
  decidePostings,
  decideSettlement,
  recordPointsAtMost,
  recordTypeOf,
  type Posting,
} from './ledger.rules.js';

function posting(points: number, type: Posting['type'] = 'activity'): Posting {
  return { type, points, description: null, key: `test:${points}` };
}

function refusalOf(work: () => unknown): unknown {
  try {
    work();
  } catch (error) {
    if (error instanceof AppError) return [error.code, error.params];
    throw error;
  }
  return null;
}

const account = { balance: 100, frozen: 30, lifetimeEarned: 500 };

describe('amounts (P-01)', () => {
  it.each([0, 1.5, -0.5, Number.NaN, Number.POSITIVE_INFINITY, -0])('refuses %d as an amount', (amount) => {
    expect(refusalOf(() => assertRecordPoints(amount))).toEqual([20501, { amount: String(amount) }]);
  });

  it('takes what an INT holds, in both directions, and not one more', () => {
    for (const amount of [1, -1, recordPointsAtMost, -recordPointsAtMost]) assertRecordPoints(amount);
    for (const amount of [recordPointsAtMost + 1, -recordPointsAtMost - 1]) {
      expect(refusalOf(() => assertRecordPoints(amount))).toEqual([20502, { limit: recordPointsAtMost }]);
    }
  });

  it('refuses a negative amount where only a positive one makes sense', () => {
    expect(refusalOf(() => assertPositivePoints(-5))).toEqual([20501, { amount: '-5' }]);
    expect(refusalOf(() => decideFreeze(account, -5))).toEqual([20501, { amount: '-5' }]);
  });
});

describe('postings', () => {
  it('add up, and each knows the balance behind it', () => {
    const { balances, after } = decidePostings(account, [posting(10), posting(-60), posting(5)]);
    expect(balances).toEqual([110, 50, 55]);
    expect(after).toEqual({ balance: 55, frozen: 30, lifetimeEarned: 515 });
  });

  it('may take everything that is available, and nothing of what is frozen', () => {
    expect(decidePostings(account, [posting(-70)]).after.balance).toBe(30);
    expect(refusalOf(() => decidePostings(account, [posting(-71)]))).toEqual([20003, { balance: 70, required: 71 }]);
  });

  it('are refused when the balance is short in between, even if the end would be fine', () => {
    expect(refusalOf(() => decidePostings(account, [posting(-80), posting(50)]))).toEqual([
      20003,
      { balance: 70, required: 80 },
    ]);
  });

  it('may spend what is let go at the same time', () => {
    expect(decidePostings(account, [posting(-30)], 30).after).toEqual({ balance: 70, frozen: 0, lifetimeEarned: 500 });
  });

  it('keep the balance exact', () => {
    const rich = { balance: balanceAtMost - 5, frozen: 0, lifetimeEarned: balanceAtMost };
    expect(decidePostings(rich, [posting(5)]).after).toMatchObject({ balance: balanceAtMost });
    expect(decidePostings(rich, [posting(5)]).after).toMatchObject({ lifetimeEarned: balanceAtMost });
    expect(refusalOf(() => decidePostings(rich, [posting(6)]))).toEqual([20502, { limit: balanceAtMost }]);
  });

  it('count towards the level when they were earned, not when they were moved or given back', () => {
    const { after } = decidePostings(account, [
      posting(7, 'check_in'),
      posting(9, 'transfer'),
      posting(11, 'reversal'),
    ]);
    expect(after.lifetimeEarned).toBe(507);
  });
});

describe('holds', () => {
  it('freeze what is available', () => {
    decideFreeze(account, 70);
    expect(refusalOf(() => decideFreeze(account, 71))).toEqual([20003, { balance: 70, required: 71 }]);
  });

  it('are settled in full unless told otherwise, and never for more than remains', () => {
    expect(decideSettlement(40, undefined)).toBe(40);
    expect(decideSettlement(40, 15)).toBe(15);
    expect(refusalOf(() => decideSettlement(40, 41))).toEqual([20504, { remaining: 40, required: 41 }]);
    expect(refusalOf(() => decideSettlement(0, undefined))).toEqual([20504, { remaining: 0, required: 1 }]);
    expect(refusalOf(() => decideSettlement(40, 0))).toEqual([20501, { amount: '0' }]);
  });
});

describe('record types', () => {
  it('keep the numbers of the source document', () => {
    expect([1, 2, 3].map(recordTypeOf)).toEqual(['check_in', 'activity', 'transfer']);
    expect(() => recordTypeOf(127)).toThrow('127 is no type');
  });
});
