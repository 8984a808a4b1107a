import { describe, expect, it } from 'vitest';
import { normalisePhone } from './phone.inspector.js';

describe('phones of delivery addresses (P-07)', () => {
  it.each([
    ['CN', '138 0013 8000', '+8613800138000'],
    ['CN', '+7 912 345-67-89', '+79123456789'],
    ['RU', '8 (912) 345-67-89', '+79123456789'],
    ['US', '201-555-0123', '+12015550123'],
    ['AQ', '+672 10 1234', '+672101234'],
  ])('%s %s is %s', (country, phone, expected) => {
    expect(normalisePhone({ country, phone })).toBe(expected);
  });

  it.each([
    ['CN', '12', 'address.phone_invalid'],
    ['CN', 'call me', 'address.phone_invalid'],
    ['CN', '+86', 'address.phone_invalid'],
    ['AQ', '138 0013 8000', 'address.phone_invalid'],
    ['XX', '138 0013 8000', 'address.country_unknown'],
    ['UK', '020 7946 0958', 'address.country_unknown'],
  ])('%s %s is refused: %s', (country, phone, expected) => {
    expect(normalisePhone({ country, phone })).toMatchObject({ errorName: expected });
  });
});
