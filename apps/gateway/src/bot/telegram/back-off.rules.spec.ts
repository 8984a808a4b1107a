import { expect, it } from 'vitest';
import { backOffMs } from './back-off.rules.js';

it('doubles the pause up to a minute, and scatters it downwards', () => {
  expect([1, 2, 3, 8, 100].map((failures) => backOffMs(failures, 1))).toEqual([500, 1_000, 2_000, 60_000, 60_000]);
  expect(backOffMs(2, 0)).toBe(750);
});
