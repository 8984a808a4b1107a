import { describe, expect, it } from 'vitest';
import { banRefusal, statusAfterBan, unbanRefusal } from './status.rules.js';

const member = { userId: 7, role: 'member', status: 'active' } as const;
const admin = { userId: 1, role: 'admin' } as const;
const superAdmin = { userId: 2, role: 'super_admin' } as const;

describe('a ban (U-01)', () => {
  it.each([
    ['a member by an admin', admin, member, null],
    ['a member whose deletion is pending', admin, { ...member, status: 'deletion_pending' } as const, null],
    ['who is banned', admin, { ...member, status: 'banned' } as const, 'user.already_banned'],
    ['oneself', admin, { ...member, userId: 1 }, 'user.cannot_be_banned'],
    ['an admin by an admin', admin, { ...member, role: 'admin' } as const, 'user.cannot_be_banned'],
    ['an admin by a super admin', superAdmin, { ...member, role: 'admin' } as const, null],
    ['a super admin', superAdmin, { ...member, role: 'super_admin' } as const, 'user.cannot_be_banned'],
    [
      'an operator by an operator',
      { userId: 3, role: 'operator' } as const,
      { ...member, role: 'operator' } as const,
      'user.cannot_be_banned',
    ],
    ['a member by an operator', { userId: 3, role: 'operator' } as const, member, null],
    ['an admin by the platform', { userId: null, role: null }, { ...member, role: 'admin' } as const, null],
  ])('of %s', (_, actor, target, refusal) => {
    expect(banRefusal(actor, target)).toBe(refusal);
  });

  const banned = { ...member, status: 'banned' } as const;
  it.each([
    ['a member by an admin', admin, banned, null],
    ['who is not banned', admin, member, 'user.not_banned'],
    ['oneself', { userId: 7, role: 'operator' } as const, banned, 'role.above_own'],
    ['an admin by an admin', admin, { ...banned, role: 'admin' } as const, 'role.above_own'],
    ['an admin by a super admin', superAdmin, { ...banned, role: 'admin' } as const, null],
    ['an admin by the platform', { userId: null, role: null }, { ...banned, role: 'admin' } as const, null],
  ])('is lifted of %s', (_, actor, target, refusal) => {
    expect(unbanRefusal(actor, target)).toBe(refusal);
  });

  it('that ends leaves a pending deletion pending', () => {
    expect(statusAfterBan(false)).toBe('active');
    expect(statusAfterBan(true)).toBe('deletion_pending');
  });
});
