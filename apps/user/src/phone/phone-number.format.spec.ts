import { describe, expect, it } from 'vitest';
import { contactNumber, maskNumber, typedNumber } from './phone-number.format.js';

describe('typedNumber (U-10)', () => {
  it.each([
    ['+86 138 0013 8000', undefined, '+8613800138000'],
    ['+8613800138000', undefined, '+8613800138000'],
    ['0086 138-0013-8000', undefined, '+8613800138000'],
    ['138 0013 8000', 'CN', '+8613800138000'],
    ['8 (912) 345-67-89', 'RU', '+79123456789'],
    ['+7 912 345 67 89', 'CN', '+79123456789'],
    ['+44 7400 123456', undefined, '+447400123456'],
    ['+1 (212) 555-2368', undefined, '+12125552368'],
    ['＋８６１３８００１３８０００', undefined, '+8613800138000'],
  ])('%s in %s is %s', (typed, country, number) => {
    expect(typedNumber(typed, country)).toBe(number);
  });

  it.each([
    ['138 0013 8000', undefined, 'no country'],
    ['+86 10 6552 9988', undefined, 'a landline'],
    ['+800 1234 5678', undefined, 'a freephone number'],
    ['+86138001380001', undefined, 'too long'],
    ['+8613800', undefined, 'too short'],
    ['not a number', 'CN', 'no digits'],
    ['13800138000', 'XX', 'no such country'],
    ['', 'CN', 'nothing'],
  ])('refuses %s in %s: %s', (typed, country, _why) => {
    expect(typedNumber(typed, country)).toBeNull();
  });
});

describe('contactNumber (U-10)', () => {
  it.each([
    ['8613800138000', '+8613800138000'],
    ['+7 (912) 345-67-89', '+79123456789'],
    ['88801234567', '+88801234567'],
    ['12', null],
    ['0123456789', null],
    ['1234567890123456', null],
    ['', null],
  ])('%s is %s', (given, number) => {
    expect(contactNumber(given)).toBe(number);
  });
});

describe('maskNumber', () => {
  it.each([
    ['+8613800138000', '+86 13*******00'],
    ['+79123456789', '+7 91******89'],
    ['+447400123456', '+44 74******56'],
    ['+88801234567', '+888 01****67'],
  ])('%s is shown as %s', (number, shown) => {
    expect(maskNumber(number)).toBe(shown);
  });
});
