import { describe, expect, it } from 'vitest';
import type { AuditEntry } from './audit.entry.js';
import { pseudonymised, tellsWho } from './entry.eraser.js';

const entry: AuditEntry = {
  id: '019a0000-0000-7000-8000-000000000001',
  at: '2026-03-01T00:00:00.000Z',
  service: 'user',
  event: 'user.changed.v1',
  actor: 'user:7',
  user_id: 7,
  request_id: 'request-1',
  channel: 'rest',
  ip: '192.0.2.1',
  before: { first_name: 'Alice', locale: 'en', address: { street: 'Main' }, points: 3, email: null },
  after: { first_name: 'Alicia', list: [{ nickname: 'A' }, 2], plan: 'month' },
  payload: { user_id: 7, telegram_id: '1001', kind: 'person' },
};

describe('an audit entry after the erasure of its member (U-15)', () => {
  it('says what was done to which id, and nothing about who that was', () => {
    expect(pseudonymised(entry, 7)).toEqual({
      ...entry,
      ip: null,
      before: { first_name: '[erased]', locale: 'en', address: '[erased]', points: 3, email: null },
      after: { first_name: '[erased]', list: [{ nickname: '[erased]' }, 2], plan: 'month' },
      payload: { user_id: 7, telegram_id: '[erased]', kind: 'person' },
    });
    expect(pseudonymised(pseudonymised(entry, 7), 7)).toEqual(pseudonymised(entry, 7));
  });

  it('keeps the state of somebody else on whom the member acted', () => {
    expect(pseudonymised({ ...entry, user_id: 8 }, 7)).toEqual({ ...entry, user_id: 8, ip: null });
    expect(pseudonymised({ ...entry, user_id: 8, actor: 'user:9' }, 7)).toEqual({
      ...entry,
      user_id: 8,
      actor: 'user:9',
    });
  });

  it.each([
    ['first_name', true],
    ['telegram_id', true],
    ['delivery_address', true],
    ['ip', true],
    ['user_id', false],
    ['plan', false],
    ['verification_id', false],
    ['status', false],
  ])('takes %s for something that tells who: %s', (key, expected) => {
    expect(tellsWho(key)).toBe(expected);
  });
});
