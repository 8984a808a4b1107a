import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  ChangeSystemCode,
  CreateSystemCodes,
  EmailBound,
  GetMembership,
  ListSystemCodes,
  MembershipReminderDue,
  MembershipWithdrawn,
  RegisterWithCode,
  ResetTrial,
  UserStatusChanged,
} from '#contracts';
import { eventually } from '#testing';
import { onEachDatabase } from '#testing/engines';
import { callOf, memberCall, ServiceHost } from '#testing/service.host';
import { entitlementService } from '../entitlement.module.js';

const dayMs = 86_400_000;
const admin = memberCall(900, 'admin');

onEachDatabase('trials, system codes and reminders', (engine) => {
  let host: ServiceHost;
  const register = (userId: number, code: string) =>
    host.client.command(RegisterWithCode, { invite_code: code }, memberCall(userId));
  const membershipOf = (userId: number) => host.client.query(GetMembership, {}, memberCall(userId));
  const bindMailbox = (userId: number, identityHash: string) =>
    host.broker.publish([
      {
        id: randomUUID(),
        name: EmailBound.name,
        service: 'user',
        occurred_at: new Date().toISOString(),
        call: callOf({ kind: 'system', name: 'mailbox' }),
        payload: {
          user_id: userId,
          verification_id: randomUUID(),
          email: 'a@example.com',
          identity_hash: identityHash,
          undo_token: 'unused-in-this-test-0000',
          undo_expires_at: new Date().toISOString(),
        },
      },
    ]);
  beforeAll(async () => {
    host = await ServiceHost.start(entitlementService, engine, {
      TRIAL_INVITE_CODE: 'COSPLAY7',
      REMINDER_INTERVAL_MS: '100',
    });
  });
  afterAll(() => host.stop());

  it('U-02: a mailbox that had its trial gives none to another account, bound before or after', async () => {
    await register(1, 'COSPLAY7');
    await bindMailbox(1, 'mailbox-a');
    await bindMailbox(2, 'mailbox-a');
    await expect(register(2, 'COSPLAY7')).rejects.toMatchObject({ errorName: 'membership.trial_already_used' });
    await register(3, 'COSPLAY7');
    await bindMailbox(3, 'mailbox-a');
    expect(await membershipOf(3)).toMatchObject({ state: 'expired' });
    expect(await membershipOf(1)).toMatchObject({ state: 'trial' });
    await eventually(() => expect(host.payloadsOf(MembershipWithdrawn)).toMatchObject([{ user_id: 3 }]));
  });

  it('U-15: an address that is bound before and heard of after the erasure makes nobody known again', async () => {
    await host.broker.publish([
      {
        id: randomUUID(),
        name: UserStatusChanged.name,
        service: 'user',
        occurred_at: new Date().toISOString(),
        call: callOf({ kind: 'system', name: 'erasure' }),
        payload: { user_id: 8, status: 'erased', previous: 'active', reason: null },
      },
    ]);
    await bindMailbox(8, 'mailbox-gone');
    const database = host.service.runtime.database;
    expect(await database?.reader.query('SELECT user_id FROM member_identities WHERE user_id = 8')).toEqual([]);
    expect(await database?.reader.query('SELECT user_id FROM memberships WHERE user_id = 8')).toEqual([]);
  });

  it('U-02: an admin, and nobody else, can give the trial back', async () => {
    const reason = 'the first trial fell into the outage';
    await expect(host.client.command(ResetTrial, { user_id: 1, reason }, memberCall(1))).rejects.toMatchObject({
      errorName: 'auth.forbidden',
    });
    await register(4, 'COSPLAY7');
    await host.moveClock(8 * dayMs);
    await expect(register(4, 'COSPLAY7')).rejects.toMatchObject({ errorName: 'membership.trial_already_used' });
    await host.client.command(ResetTrial, { user_id: 4, reason }, admin);
    expect((await register(4, 'COSPLAY7')).membership.state).toBe('trial');
    await host.moveClock(0);
  });

  it('U-05: system codes have batches, windows, uses and a switch, and are the admins’ alone', async () => {
    const wish = { kind: 'system_formal' as const, plan: 'week', count: 20, max_uses: 1, batch: 'convention' };
    await expect(host.client.command(CreateSystemCodes, wish, memberCall(5))).rejects.toMatchObject({
      errorName: 'auth.forbidden',
    });
    const { items } = await host.client.command(CreateSystemCodes, wish, admin);
    expect(new Set(items.map(({ code }) => code)).size).toBe(20);
    const listed = await host.client.query(ListSystemCodes, { batch: 'convention', page_size: 5 }, admin);
    expect(listed).toMatchObject({ total: 20, page_size: 5 });
    const [first, second] = items;
    await host.client.command(ChangeSystemCode, { id: first?.id ?? 0, enabled: false }, admin);
    await expect(register(50, first?.code ?? '')).rejects.toMatchObject({ errorName: 'invite_code.not_valid_now' });
    const uses = await Promise.allSettled(
      Array.from({ length: 200 }, (_, index) => register(100 + index, second?.code ?? '')),
    );
    expect(uses.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    const own = { kind: 'system_formal' as const, days: 3, code: 'spring26', max_uses: null };
    await host.client.command(CreateSystemCodes, own, admin);
    await expect(host.client.command(CreateSystemCodes, own, admin)).rejects.toMatchObject({
      errorName: 'invite_code.taken',
    });
    const unknown = { kind: 'system_formal' as const, plan: 'century' };
    await expect(host.client.command(CreateSystemCodes, unknown, admin)).rejects.toMatchObject({
      errorName: 'plan.unknown',
    });
    const neither = { kind: 'system_formal' as const };
    await expect(host.client.command(CreateSystemCodes, neither, admin)).rejects.toMatchObject({
      errorName: 'request.invalid',
    });
  });

  it('U-06: reminds three days and one day before and at the end, once each, whatever was missed', async () => {
    await register(6, 'COSPLAY7');
    const kinds = (): string[] =>
      host.payloadsOf(MembershipReminderDue).flatMap(({ user_id, kind }) => (user_id === 6 ? [kind] : []));
    await host.moveClock(4.5 * dayMs);
    await eventually(() => expect(kinds()).toEqual(['three_days']));
    await host.moveClock(6.5 * dayMs);
    await eventually(() => expect(kinds()).toEqual(['three_days', 'one_day']));
    await host.moveClock(7.5 * dayMs);
    await eventually(() => expect(kinds()).toEqual(['three_days', 'one_day', 'expired']));
    const replica = await ServiceHost.start(entitlementService, engine, { REMINDER_INTERVAL_MS: '100' });
    await register(7, 'COSPLAY7');
    await host.moveClock(30 * dayMs);
    await eventually(() =>
      expect(host.payloadsOf(MembershipReminderDue).filter(({ user_id }) => user_id === 7)).toHaveLength(1),
    );
    expect(kinds()).toHaveLength(3);
    await replica.stop();
    await host.moveClock(0);
  });
});
