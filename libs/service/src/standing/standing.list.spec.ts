import { describe, expect, it } from 'vitest';
import { standingRefusal } from '#contracts';
import { StandingList } from './standing.list.js';

describe('the standings of accounts (U-01)', () => {
  it('are those of the latest change, in whatever order changes come', () => {
    const list = new StandingList();
    expect(list.of(1)).toBeUndefined();
    expect(list.learn({ userId: 1, status: 'active', changedAt: '2026-03-01 00:00:02.000', id: 1 })).toBe(true);
    expect(list.learn({ userId: 1, status: 'banned', changedAt: '2026-03-01 00:00:01.000', id: 2 })).toBe(false);
    expect(list.of(1)).toBeUndefined();
    expect(list.knows(1)).toBe(true);
    expect(list.learn({ userId: 1, status: 'banned', changedAt: '2026-03-01 00:00:03.000', id: 3 })).toBe(true);
    expect(list.learn({ userId: 1, status: 'banned', changedAt: '2026-03-01 00:00:03.000', id: 3 })).toBe(false);
    expect(list.of(1)).toBe('banned');
  });

  it('are those of the latest row where two changes are of one millisecond', () => {
    const list = new StandingList();
    const change = { userId: 1, changedAt: '2026-03-01 00:00:01.000' };
    list.learn({ ...change, status: 'deletion_pending', id: 7 });
    expect(list.learn({ ...change, status: 'active', id: 8 })).toBe(true);
    expect(list.learn({ ...change, status: 'deletion_pending', id: 7 })).toBe(false);
    expect(list.of(1)).toBeUndefined();
  });

  it('let nobody pass whose standing is not understood', () => {
    const list = new StandingList();
    list.learn({ userId: 2, status: 'frozen', changedAt: '2026-03-01 00:00:01.000', id: 1 });
    expect(list.of(2)).toBe('banned');
  });

  it('refuse what is not open to them', () => {
    expect(standingRefusal(undefined)).toBeNull();
    expect(standingRefusal('banned')).toBe('user.banned');
    expect(standingRefusal('deletion_pending')).toBe('user.deletion_pending');
    expect(standingRefusal('deletion_pending', ['deletion_pending'])).toBeNull();
    expect(standingRefusal('banned', ['deletion_pending'])).toBe('user.banned');
    expect(standingRefusal('erased', ['deletion_pending'])).toBe('auth.unauthenticated');
  });
});
