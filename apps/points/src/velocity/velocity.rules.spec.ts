import { describe, expect, it } from 'vitest';
import {
  countUp,
  firstSliceOf,
  isBroken,
  partsOfSubject,
  sliceOf,
  subjectOf,
  tallyOf,
  windowEnds,
  withoutOpenGap,
  worstOf,
  type WatchedRecord,
  type WatchRule,
} from './velocity.rules.js';

const now = new Date('2026-03-01T12:34:56.000Z');
const rule: WatchRule = {
  id: 1,
  scope: 'member',
  direction: 'earned',
  recordType: null,
  windowMinutes: 60,
  pointsAtMost: 100,
  recordsAtMost: 3,
};
const record = (id: number, changes: Partial<WatchedRecord> = {}): WatchedRecord => ({
  id,
  userId: 7,
  type: 'check_in',
  points: 10,
  at: now,
  ...changes,
});

describe('velocity (P-09)', () => {
  it.each([
    [{}, {}, 'user:7'],
    [{ scope: 'type' }, {}, 'type:check_in'],
    [{ scope: 'platform' }, {}, 'platform'],
    [{ recordType: 'activity' }, {}, null],
    [{ recordType: 'check_in' }, {}, 'user:7'],
    [{}, { points: -1 }, null],
    [{ direction: 'spent' }, { points: -1 }, 'user:7'],
    [{ direction: 'spent' }, { points: 1 }, null],
    [{ direction: 'both' }, { points: -1 }, 'user:7'],
  ] as const)('the rule %j counts %j for %s', (ruleChanges, recordChanges, expected) => {
    expect(subjectOf({ ...rule, ...ruleChanges }, record(1, recordChanges))).toBe(expected);
  });

  it.each([
    [{ points: 100, records: 3 }, false],
    [{ points: 101, records: 1 }, true],
    [{ points: 1, records: 4 }, true],
  ])('%j breaks it: %s', (tally, expected) => {
    expect(isBroken(rule, tally)).toBe(expected);
  });

  it('watches only what it names', () => {
    expect(isBroken({ ...rule, pointsAtMost: null }, { points: 1e9, records: 3 })).toBe(false);
    expect(isBroken({ ...rule, recordsAtMost: null }, { points: 100, records: 1e9 })).toBe(false);
  });

  it('slices time so that a window is whole, and at most a twelfth longer', () => {
    expect(sliceOf(now, 60).toISOString()).toBe('2026-03-01T12:30:00.000Z');
    expect(firstSliceOf(now, 60).toISOString()).toBe('2026-03-01T11:30:00.000Z');
    expect(sliceOf(now, 1).toISOString()).toBe('2026-03-01T12:34:00.000Z');
    expect(sliceOf(now, 1440).toISOString()).toBe('2026-03-01T12:00:00.000Z');
  });

  it('adds up by subject and slice, sizes without their signs', () => {
    const later = new Date(now.getTime() + 5 * 60_000);
    const both = { ...rule, direction: 'both' } as const;
    const records = [record(1), record(2, { points: -5 }), record(3, { at: later }), record(4, { userId: 8 })];
    expect(countUp([both], records)).toMatchObject([
      { subject: 'user:7', points: 15, records: 2 },
      { subject: 'user:7', points: 10, records: 1 },
      { subject: 'user:8', points: 10, records: 1 },
    ]);
  });

  it('waits for a record that may still be committed, for a minute', () => {
    const old = new Date(now.getTime() - 60_000);
    expect(withoutOpenGap([record(5), record(6)], 4, now).map(({ id }) => id)).toEqual([5, 6]);
    expect(withoutOpenGap([record(5), record(7)], 4, now).map(({ id }) => id)).toEqual([5]);
    expect(withoutOpenGap([record(6)], 4, now)).toEqual([]);
    expect(withoutOpenGap([record(6, { at: old }), record(7)], 4, now).map(({ id }) => id)).toEqual([6, 7]);
  });

  it('knows a subject again', () => {
    expect(partsOfSubject('user:42')).toEqual({ userId: 42, recordType: null });
    expect(partsOfSubject('type:check_in')).toEqual({ userId: null, recordType: 'check_in' });
    expect(partsOfSubject('platform')).toEqual({ userId: null, recordType: null });
  });

  it('sums up the slices of a window, both borders included', () => {
    const at = (minute: number): Date => new Date(Date.UTC(2026, 2, 1, 12, minute));
    const slices = [0, 5, 10, 15].map((minute) => ({ sliceAt: at(minute), points: minute + 1, records: 1 }));
    expect(tallyOf(slices, at(5), at(10))).toEqual({ points: 17, records: 2 });
    expect(tallyOf(slices, at(11), at(14))).toEqual({ points: 0, records: 0 });
  });

  it('takes the most points and the most records of the windows that break the rule, behind what was resolved', () => {
    const minutes = (count: number): Date => new Date(now.getTime() + count * 60_000);
    const slice = (count: number, points: number, records: number) => ({ sliceAt: minutes(count), points, records });
    // A window with many points, one with many records, and one below the rule, more than an hour apart.
    const slices = [slice(0, 150, 1), slice(100, 104, 5), slice(200, 90, 2)];
    const ends = [minutes(1), minutes(101), minutes(201)];
    expect(worstOf(rule, slices, ends, null)).toEqual({ points: 150, records: 5 });
    expect(worstOf(rule, slices, ends, minutes(50))).toEqual({ points: 104, records: 5 });
    expect(worstOf(rule, slices, ends, minutes(101))).toBeNull();
    expect(worstOf(rule, slices, [minutes(201)], null)).toBeNull();
    expect(worstOf(rule, slices, [], null)).toBeNull();
  });

  it('looks at a window for each slice that a subject has records in, the earliest first', () => {
    const minutes = (count: number): Date => new Date(now.getTime() + count * 60_000);
    const records = [
      record(1, { at: minutes(60) }),
      record(2, { at: minutes(1) }),
      record(3),
      record(4, { at: minutes(5), userId: 8 }),
      record(5, { at: minutes(6), points: -1 }),
    ];
    // 12:34:56 and 12:35:56 lie in two slices of five minutes, 12:34:56 and 12:34:30 in one.
    expect(windowEnds(rule, 'user:7', [...records, record(6, { at: minutes(-0.5) })])).toEqual([
      now,
      minutes(1),
      minutes(60),
    ]);
    expect(windowEnds(rule, 'user:9', records)).toEqual([]);
  });
});
