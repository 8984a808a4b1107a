import { describe, expect, it } from 'vitest';
import { codesFile } from './admin-code.view.js';

const made = (count: number) => ({
  items: Array.from({ length: count }, (_, index) => ({
    id: index,
    code: `CODE${index + 1_000}`,
    kind: 'system_trial' as const,
    plan: 'trial',
    days: 7,
    max_uses: 1,
    uses: 0,
    valid_from: null,
    valid_until: null,
    enabled: true,
    batch: null,
    created_at: '2031-05-04T03:00:00.000Z',
  })),
});

describe('new codes in a file (U-05)', () => {
  it('are there when they are more than a message shows, one in each line', () => {
    expect(codesFile(made(1))).toBeNull();
    expect(codesFile(made(50))).toBeNull();
    const lines = codesFile(made(51))?.toString().split('\n');
    expect([lines?.length, lines?.[0], lines?.[50], lines?.[51]]).toEqual([52, 'CODE1000', 'CODE1050', '']);
  });
});
