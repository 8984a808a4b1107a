import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  CreateMemberCode,
  CreateSystemCodes,
  GetMembership,
  GrantMembership,
  InvitationSucceeded,
  MembershipReminderDue,
  RegisterGroup,
  RegisterWithCode,
  UserStatusChanged,
  type Call,
  type InputOf,
  type UserStatus,
} from '#contracts';
import { eventually } from '#testing';
import { onEachDatabase } from '#testing/engines';
import { callOf, memberCall, ServiceHost } from '#testing/service.host';
import { entitlementService } from '../entitlement.module.js';

const dayMs = 86_400_000;
const admin = memberCall(900, 'admin');
const sureAdmin = memberCall(900, 'admin', { stepped_up: true });
const inChat = (userId: number): Call => ({ ...memberCall(userId), channel: 'bot' });

onEachDatabase('limits of memberships that somebody tries to walk around', (engine) => {
  let host: ServiceHost;
  const register = (userId: number, code: string) =>
    host.client.command(RegisterWithCode, { invite_code: code }, memberCall(userId));
  const registerGroup = (groupId: number, code: string, by: number) =>
    host.client.command(RegisterGroup, { group_user_id: groupId, invite_code: code }, inChat(by));
  const grant = (user_id: number, days: number) =>
    host.client.command(GrantMembership, { user_id, days, reason: 'tried by the test' }, admin);
  const membershipOf = (userId: number) => host.client.query(GetMembership, {}, memberCall(userId));
  const systemCode = async (input: InputOf<typeof CreateSystemCodes>, call = admin): Promise<string> =>
    (await host.client.command(CreateSystemCodes, input, call)).items[0]?.code ?? '';
  const memberCode = async (userId: number) =>
    (await host.client.command(CreateMemberCode, {}, memberCall(userId))).code;
  const become = (userId: number, status: UserStatus, previous: UserStatus = 'active') =>
    host.broker.publish([
      {
        id: randomUUID(),
        name: UserStatusChanged.name,
        service: 'user',
        occurred_at: new Date().toISOString(),
        call: callOf({ kind: 'system', name: 'test' }),
        payload: { user_id: userId, status, previous, reason: null },
      },
    ]);
  const refused = (work: Promise<unknown>, errorName: string) => expect(work).rejects.toMatchObject({ errorName });

  beforeAll(async () => {
    host = await ServiceHost.start(entitlementService, engine, {
      TRIAL_INVITE_CODE: 'COSPLAY7',
      REMINDER_INTERVAL_MS: '100',
    });
  });
  afterAll(() => host.stop());

  it('U-05: a code for many is one use for each of them, however often and fast they try', async () => {
    const code = await systemCode({ kind: 'system_formal', days: 3, max_uses: null });
    const tries = await Promise.allSettled(Array.from({ length: 20 }, () => register(1, code)));
    expect(tries.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    await refused(register(1, code.toLowerCase()), 'invite_code.already_used');
    await register(2, code);
    await registerGroup(3, code, 1);
    await refused(registerGroup(3, code, 2), 'invite_code.already_used');
  });

  it('U-05: nobody is rewarded for bringing in a group of their own', async () => {
    await register(10, 'COSPLAY7');
    const { expires_at: before } = await membershipOf(10);
    await refused(registerGroup(11, await memberCode(10), 10), 'invite_code.own_code');
    expect(await membershipOf(10)).toMatchObject({ expires_at: before });
    expect(host.payloadsOf(InvitationSucceeded).filter(({ inviter_user_id }) => inviter_user_id === 10)).toEqual([]);
  });

  it('U-05, U-01: the codes of who is banned or about to go bring nobody in, until they are back', async () => {
    await register(20, 'COSPLAY7');
    const code = await memberCode(20);
    for (const status of ['banned', 'deletion_pending'] as const) {
      await become(20, status);
      await refused(register(21, code), 'invite_code.not_valid_now');
      await become(20, 'active', status);
    }
    expect((await register(21, code)).membership.state).toBe('formal');
  });

  it('B-04, U-01: nothing is given to who is banned, about to go or gone', async () => {
    await become(30, 'banned');
    await become(31, 'deletion_pending');
    await become(32, 'erased');
    await refused(grant(30, 1), 'user.banned');
    await refused(grant(31, 1), 'user.deletion_pending');
    await refused(grant(32, 1), 'user.not_found');
    await refused(registerGroup(30, 'COSPLAY7', 33), 'user.banned');
    const rows = await host.service.runtime.database?.reader.query(
      'SELECT user_id FROM memberships WHERE user_id IN (30, 31, 32)',
    );
    expect(rows).toEqual([]);
  });

  it('U-04: a membership ends within the times that can be written down', async () => {
    for (let time = 0; time < 9; time += 1) await grant(40, 3_660);
    const { expires_at } = await membershipOf(40);
    for (let time = 0; time < 3; time += 1) await refused(grant(40, 3_660), 'membership.ends_too_late');
    expect(await membershipOf(40)).toMatchObject({ state: 'formal', expires_at });
    const code = await memberCode(40);
    expect((await register(41, code)).membership.state).toBe('formal');
    for (const valid_until of ['0000-01-01T00:00:00Z', '9999-12-31T23:59:59.999Z']) {
      await refused(systemCode({ kind: 'system_formal', days: 1, valid_until }), 'request.invalid');
    }
    const window = { valid_from: '2031-05-02T00:00:00Z', valid_until: '2031-05-02T00:00:00Z' };
    await refused(systemCode({ kind: 'system_formal', days: 1, ...window }), 'request.invalid');
  });

  it('U-13: a code for memberships without an end takes the fresh confirmation that giving one takes', async () => {
    const wish = { kind: 'system_formal', plan: 'permanent' } as const;
    await refused(systemCode(wish), 'auth.step_up_required');
    expect(await systemCode(wish, sureAdmin)).not.toBe('');
  });

  it('U-06, U-01: reminds nobody who may not renew, and tells it to who is back in time', async () => {
    await register(50, 'COSPLAY7');
    await register(51, 'COSPLAY7');
    await become(50, 'banned');
    const reminded = (userId: number): string[] =>
      host.payloadsOf(MembershipReminderDue).flatMap(({ user_id, kind }) => (user_id === userId ? [kind] : []));
    await host.moveClock(4.5 * dayMs);
    await eventually(() => expect(reminded(51)).toEqual(['three_days']));
    expect(reminded(50)).toEqual([]);
    await become(50, 'active', 'banned');
    await eventually(() => expect(reminded(50)).toEqual(['three_days']));
    await host.moveClock(0);
  });
});
