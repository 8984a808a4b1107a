import { describe, expect, it } from 'vitest';
import { judgePassword } from './password.rules.js';

describe('a console password (U-13)', () => {
  it.each([
    ['correct horse battery', null],
    ['漫展'.repeat(2) + '角色扮演社区平台', null],
    ['short', 'too_short'],
    ['elevenchars', 'too_short'],
    ['twelve chars', null],
    ['aaaaaaaaaaaa', 'too_simple'],
    ['abababababcd', 'too_simple'],
    [`${'abcdef'.repeat(12)}`, null],
    [`${'abcdef'.repeat(12)}x`, 'too_long'],
    ['漫展角色扮演'.repeat(4), null],
    [`${'漫展角色扮演'.repeat(4)}x`, 'too_long'],
    ['before\0behind it', 'too_long'],
  ])('%j: %s', (password, problem) => expect(judgePassword(password)).toBe(problem));
});
