import { describe, expect, it } from 'vitest';
import type { EventMessage } from '#messaging';
import { auditEntryOf } from './audit.entry.js';

const message: EventMessage = {
  id: '019a0000-0000-7000-8000-000000000001',
  name: 'user.email_bound.v1',
  service: 'user',
  occurred_at: '2026-01-02T03:04:05.678Z',
  call: {
    request_id: 'request-1',
    actor: { kind: 'user', user_id: 7, role: 'admin' },
    channel: 'rest',
    locale: 'ru',
    ip: '192.0.2.1',
  },
  payload: { user_id: 8, email: 'alice@example.org', undo_token: 'secret' },
  change: { user_id: 9, before: { email: null }, after: { email: 'alice@example.org' } },
};

describe('auditEntryOf', () => {
  it('tells who did what to whom, from where, before and after', () => {
    expect(auditEntryOf(message)).toEqual({
      id: message.id,
      at: message.occurred_at,
      service: 'user',
      event: 'user.email_bound.v1',
      actor: 'user:7',
      user_id: 9,
      request_id: 'request-1',
      channel: 'rest',
      ip: '192.0.2.1',
      before: { email: null },
      after: { email: 'a***e@example.org' },
      payload: { user_id: 8, email: 'a***e@example.org', undo_token: '***' },
    });
  });

  it('takes the member from the payload when no change names one', () => {
    const { change: _, ...plain } = message;
    expect(auditEntryOf(plain)).toMatchObject({ user_id: 8, before: null, after: null });
    expect(auditEntryOf({ ...plain, payload: null })).toMatchObject({ user_id: null, payload: null });
    expect(auditEntryOf({ ...plain, payload: { user_id: 'x' } })).toMatchObject({ user_id: null });
  });

  it('knows actors without an account and calls without an address', () => {
    const call = { request_id: 'r', channel: 'system', locale: 'en' } as const;
    const system = auditEntryOf({ ...message, call: { ...call, actor: { kind: 'system', name: 'sweeper' } } });
    expect(system).toMatchObject({ actor: 'system:sweeper', ip: null, channel: 'system' });
    expect(auditEntryOf({ ...message, call: { ...call, actor: { kind: 'visitor' } } }).actor).toBe('visitor');
  });
});
