import { describe, expect, it } from 'vitest';
import type { Segment } from '#contracts';
import { isForEverybody } from './broadcast.rules.js';

describe('a segment (N-10)', () => {
  it.each<[string, Segment, boolean]>([
    ['no condition', {}, true],
    ['every language', { locales: ['ru', 'zh', 'en'] }, true],
    ['every state', { membership: ['expired', 'none', 'trial', 'formal', 'permanent'] }, true],
    ['one language too few', { locales: ['ru', 'zh'] }, false],
    ['the same language again', { locales: ['ru', 'ru', 'zh'] }, false],
    ['every language, one state too few', { locales: ['ru', 'zh', 'en'], membership: ['none', 'trial'] }, false],
    ['the active ones', { active_within_days: 365 }, false],
    ['a group', { group_id: 1 }, false],
  ])('of %s', (_, segment, expected) => {
    expect(isForEverybody(segment)).toBe(expected);
  });
});
