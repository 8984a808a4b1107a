import { describe, expect, it } from 'vitest';
import { deletionDueAt, dueDeletionReminder } from './deletion.rules.js';

const dayMs = 86_400_000;
const due = new Date('2026-04-01T00:00:00Z');
const before = (days: number, moreMs = 0): Date => new Date(due.getTime() - days * dayMs + moreMs);

describe('a deletion (U-15)', () => {
  it('is due after the days of grace', () => {
    expect(deletionDueAt(new Date('2026-03-02T00:00:00Z'), 30)).toEqual(due);
  });

  it.each([
    ['long before', before(7, -1), null, null],
    ['seven days before', before(7), null, 7],
    ['again within these days', before(3), 7, null],
    ['a day before', before(1), 7, 1],
    ['a day before, when the first was missed', before(0.5), null, 1],
    ['after the last', before(0.1), 1, null],
    ['when it is due', due, null, null],
  ])('is reminded of: %s', (_, now, reminded, days) => {
    expect(dueDeletionReminder(due, reminded, now)).toBe(days);
  });
});
