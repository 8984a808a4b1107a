import { describe, expect, it } from 'vitest';
import { understandText } from './typed-text.rules.js';

describe('a text nobody asked for', () => {
  it.each([
    ['COSPLAY7', 'invite_code'],
    [' cosplay7 ', 'invite_code'],
    ['ABCDEFGH', 'invite_code'],
    ['thankyou', 'unknown'],
    ['20310504', 'invite_code'],
    ['ABCDEFGHI', 'unknown'],
    ['COS PLAY', 'unknown'],
    ['anna@example.org', 'address'],
    ['Anna.B+club@mail.example.org', 'address'],
    ['anna@example', 'unknown'],
    ['<b>@example.org', 'unknown'],
    ['write to anna@example.org', 'unknown'],
    ['a'.repeat(65) + '@example.org', 'unknown'],
    ['123456', 'verification_code'],
    ['123 456', 'verification_code'],
    ['1234567', 'unknown'],
    ['', 'unknown'],
    ['你好', 'unknown'],
  ])('%j is %s', (text, kind) => expect(understandText(text).kind).toBe(kind));
});
