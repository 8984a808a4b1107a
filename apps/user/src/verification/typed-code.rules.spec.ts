import { describe, expect, it } from 'vitest';
import { typedCode } from './typed-code.rules.js';

describe('typedCode (U-09)', () => {
  it.each([
    ['483920', '483920'],
    [' 483 920 ', '483920'],
    ['483-920', '483920'],
    ['4 8 3 9 2 0', '483920'],
    ['４８３９２０', '483920'],
    ['483\u00a0920', '483920'],
    ['000000', '000000'],
    ['48392', null],
    ['4839201', null],
    ['48392O', null],
    ['٤٨٣٩٢٠', null],
    ['', null],
  ])('%j -> %j', (text, code) => {
    expect(typedCode(text)).toBe(code);
  });
});
