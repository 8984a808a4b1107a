import { expect, it } from 'vitest';
import { acceptedTerms } from './accepted-terms.rules.js';

it.each([
  [true, 'v2', { terms_version: 'v2' }],
  [true, 'v1', {}],
  [true, null, {}],
  [false, 'v2', {}],
  [false, null, {}],
])('U-02: terms required %s, accepted before %s: the registration stands on %o', (isRequired, accepted, stands) => {
  expect(acceptedTerms({ version: 'v2', isRequired }, accepted)).toEqual(stands);
});
