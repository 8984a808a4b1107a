import { describe, expect, it } from 'vitest';
import { orderStatuses } from '#contracts';
import { openStatuses, parseTracking, wishesFor } from './admin-order.rules.js';

describe('what is offered for an order (P-07)', () => {
  it('offers something for each order that is open, and nothing for one that was given back', () => {
    for (const isProduct of [true, false]) {
      for (const status of openStatuses) expect(wishesFor({ status, isProduct })).not.toEqual([]);
      expect(wishesFor({ status: 'cancelled', isProduct })).toEqual([]);
      expect(wishesFor({ status: 'refunded', isProduct })).toEqual([]);
    }
  });

  it('ships products alone, and takes goods back of products alone', () => {
    for (const status of orderStatuses) {
      expect(wishesFor({ status, isProduct: false })).not.toContain('shipped');
      if (status === 'completed') expect(wishesFor({ status, isProduct: false })).toEqual(['refunded']);
    }
  });
});

describe('a tracking number as somebody types it', () => {
  it.each([
    ['SF123', { number: 'SF123' }],
    [' SF Express \n\n SF123 ', { carrier: 'SF Express', number: 'SF123' }],
    ['x'.repeat(64), { number: 'x'.repeat(64) }],
    ['x'.repeat(65), null],
    ['a\nb\nc', null],
    [' \n ', null],
  ])('%j is %j', (text, expected) => expect(parseTracking(text)).toEqual(expected));
});
