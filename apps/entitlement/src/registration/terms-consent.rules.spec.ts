import { expect, it } from 'vitest';
import { termsRefusal } from './terms-consent.rules.js';

it.each([
  [undefined, false, null],
  [undefined, true, 'terms.not_accepted'],
  ['2031-05', false, null],
  ['2031-05', true, null],
  ['2031-04', false, 'terms.version_outdated'],
  ['2031-04', true, 'terms.version_outdated'],
  ['', true, 'terms.version_outdated'],
])('U-02: a registration on %s with terms that are required: %s is refused with %s', (given, isRequired, refusal) => {
  expect(termsRefusal(given, { version: '2031-05', isRequired })).toBe(refusal);
});
