import { describe, expect, it } from 'vitest';
import { segmentSchema } from '#contracts';
import { membershipChoices, narrowed, type SegmentPart } from './broadcast-audience.rules.js';

describe('narrowing whom a broadcast is for (B-04)', () => {
  const narrow = { membership: ['trial' as const], active_within_days: 30, locales: ['ru' as const], group_id: 7 };

  it.each<[SegmentPart, string, object | undefined]>([
    ['membership', 'all', { membership: undefined }],
    ['membership', 'members', { membership: ['trial', 'formal', 'permanent'] }],
    ['membership', 'guests', { membership: ['none'] }],
    ['membership', 'everybody', undefined],
    ['active', '0', { active_within_days: undefined }],
    ['active', '7', { active_within_days: 7 }],
    ['active', '8', undefined],
    ['language', 'all', { locales: undefined }],
    ['language', 'zh', { locales: ['zh'] }],
    ['language', 'fr', undefined],
    ['group', '0', { group_id: undefined }],
    ['group', '12', { group_id: 12 }],
    ['group', 'twelve', undefined],
  ])('%s %s', (part, value, change) =>
    expect(narrowed(narrow, part, value)).toEqual(change && { ...narrow, ...change }),
  );

  it('offers only what the contract takes', () => {
    for (const choice of membershipChoices)
      expect(segmentSchema.safeParse(narrowed({}, 'membership', choice)).success).toBe(true);
  });
});
