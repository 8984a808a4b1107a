import { describe, expect, it } from 'vitest';
import { maskEmail, profileOf, type UserRow } from './profile.rules.js';

const row: UserRow = {
  id: 7,
  telegram_id: '1001',
  email: 'alice@example.com',
  status: 1,
  points: 30,
  created_at: '2026-03-01 08:00:00.123',
  kind: 'person',
  first_name: 'Alice',
  username: null,
  locale: 'en',
  role: 'member',
  membership_kind: 'trial',
  membership_plan: 'trial',
  membership_started_at: '2026-03-01 08:00:00.000',
  membership_expires_at: '2026-03-08 08:00:00.000',
};

describe('a profile', () => {
  it('shows the address masked and times in ISO 8601', () => {
    const profile = profileOf(row, new Date('2026-03-02T00:00:00Z'));
    expect(profile).toMatchObject({
      email: 'a***e@example.com',
      created_at: '2026-03-01T08:00:00.123Z',
      status: 'active',
    });
    expect(profile.membership).toMatchObject({ state: 'trial', expires_at: '2026-03-08T08:00:00.000Z' });
  });

  it('says by the clock that a membership has expired (U-06)', () => {
    expect(profileOf(row, new Date('2026-03-08T08:00:00.000Z')).membership.state).toBe('expired');
    expect(profileOf({ ...row, membership_kind: null }, new Date()).membership.state).toBe('none');
  });

  it.each([
    ['a@b.io', 'a***@b.io'],
    ['ab@b.io', 'a***b@b.io'],
    ['long.name@b.io', 'l***e@b.io'],
  ])('masks %s as %s', (address, masked) => {
    expect(maskEmail(address)).toBe(masked);
  });
});
