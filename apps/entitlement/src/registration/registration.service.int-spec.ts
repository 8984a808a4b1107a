import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  AppError,
  CreateMemberCode,
  CreateSystemCodes,
  GetMembership,
  InvitationSucceeded,
  InviteCodeCreated,
  ListMembershipPeriods,
  MembershipExtended,
  MembershipStarted,
  RegisterWithCode,
  type InputOf,
} from '#contracts';
import { eventually } from '#testing';
import { onEachDatabase } from '#testing/engines';
import { memberCall, ServiceHost } from '#testing/service.host';
import { entitlementService } from '../entitlement.module.js';

const dayMs = 86_400_000;
const admin = memberCall(900, 'admin', { stepped_up: true });

onEachDatabase('registration', (engine) => {
  let host: ServiceHost;
  const register = (userId: number, code: string) =>
    host.client.command(RegisterWithCode, { invite_code: code }, memberCall(userId));
  const membershipOf = (userId: number) => host.client.query(GetMembership, {}, memberCall(userId));
  const systemCode = async (input: InputOf<typeof CreateSystemCodes>): Promise<string> => {
    const { items } = await host.client.command(CreateSystemCodes, input, admin);
    return items[0]?.code ?? '';
  };
  const settle = async (tries: Promise<unknown>[]): Promise<{ fulfilled: number; refusals: Set<string> }> => {
    const results = await Promise.allSettled(tries);
    const refusals = results.flatMap((result) =>
      result.status === 'rejected' ? [(result.reason as AppError).errorName] : [],
    );
    return { fulfilled: results.length - refusals.length, refusals: new Set(refusals) };
  };
  beforeAll(async () => {
    host = await ServiceHost.start(entitlementService, engine, { TRIAL_INVITE_CODE: 'COSPLAY7' });
  });
  afterAll(() => host.stop());

  it('U-02: gives a trial of seven days for the code, whatever its case, and tells it', async () => {
    const { membership } = await register(1, ' cosplay7 ');
    expect(membership.state).toBe('trial');
    expect(Date.parse(membership.expires_at ?? '') - Date.parse(membership.started_at ?? '')).toBe(7 * dayMs);
    expect(await membershipOf(1)).toEqual(membership);
    await eventually(() => {
      expect(host.payloadsOf(MembershipStarted)).toMatchObject([{ user_id: 1, kind: 'trial', renewal: false }]);
      expect(host.payloadsOf(InviteCodeCreated)).toHaveLength(1);
    });
  });

  it('U-02: refuses an unknown code, a second trial, and a trial after the first has ended', async () => {
    await expect(register(2, 'NOTACODE')).rejects.toMatchObject({ errorName: 'invite_code.unknown' });
    expect(await membershipOf(2)).toMatchObject({ state: 'none' });
    await register(2, 'COSPLAY7');
    await expect(register(2, 'COSPLAY7')).rejects.toMatchObject({ errorName: 'membership.already_active' });
    await host.moveClock(8 * dayMs);
    expect(await membershipOf(2)).toMatchObject({ state: 'expired' });
    await expect(register(2, 'COSPLAY7')).rejects.toMatchObject({ errorName: 'membership.trial_already_used' });
    await host.moveClock(0);
  });

  it('U-02: 200 registrations of one member at once are one', async () => {
    const { fulfilled, refusals } = await settle(Array.from({ length: 200 }, () => register(3, 'COSPLAY7')));
    expect(fulfilled).toBe(1);
    expect(refusals).toEqual(new Set(['membership.already_active']));
  });

  it('U-03, U-04: a formal code starts or renews at max(now, old expiry), and a permanent one ends that', async () => {
    const month = await systemCode({ kind: 'system_formal', plan: 'month', max_uses: 10 });
    const custom = await systemCode({ kind: 'system_formal', days: 5, max_uses: 10 });
    const permanent = await systemCode({ kind: 'system_formal', plan: 'permanent' });
    await register(4, 'COSPLAY7');
    const trialEnd = Date.parse((await membershipOf(4)).expires_at ?? '');
    const { membership } = await register(4, month);
    expect(membership.state).toBe('formal');
    expect(Date.parse(membership.expires_at ?? '')).toBe(trialEnd + 30 * dayMs);
    expect(Date.parse((await register(4, custom)).membership.expires_at ?? '')).toBe(trialEnd + 35 * dayMs);
    expect((await register(4, permanent)).membership).toMatchObject({ state: 'permanent', expires_at: null });
    await expect(register(4, month)).rejects.toMatchObject({ errorName: 'membership.already_permanent' });
    const history = await host.client.query(ListMembershipPeriods, {}, memberCall(4));
    expect(history.items.map(({ reason }) => reason)).toEqual(['code', 'code', 'code', 'trial']);
  });

  it("U-05: a member's code brings one new member in, once, and prolongs the inviter", async () => {
    await expect(host.client.command(CreateMemberCode, {}, memberCall(10))).rejects.toMatchObject({
      errorName: 'membership.registration_required',
    });
    await register(10, 'COSPLAY7');
    const before = Date.parse((await membershipOf(10)).expires_at ?? '');
    const { code } = await host.client.command(CreateMemberCode, {}, memberCall(10));
    expect(code).toMatch(/^[2-9A-HJ-NP-Z]{8}$/);
    await expect(register(10, code)).rejects.toMatchObject({ errorName: 'invite_code.own_code' });
    await expect(register(1, code)).rejects.toMatchObject({ errorName: 'membership.new_members_only' });
    const { fulfilled, refusals } = await settle(
      Array.from({ length: 200 }, (_, index) => register(2000 + index, code)),
    );
    expect(fulfilled).toBe(1);
    expect(refusals).toEqual(new Set(['invite_code.used_up']));
    expect(Date.parse((await membershipOf(10)).expires_at ?? '')).toBe(before + 7 * dayMs);
    await eventually(() => {
      expect(host.payloadsOf(InvitationSucceeded)).toMatchObject([{ inviter_user_id: 10, reward_days: 7 }]);
      expect(host.payloadsOf(MembershipExtended)).toMatchObject([{ user_id: 10, days: 7 }]);
    });
  });

  it('U-05: members who invite crosswise do not wait for each other for ever', async () => {
    for (const user of [20, 21, 22, 23]) await register(user, 'COSPLAY7');
    const codes = await Promise.all(
      [20, 21, 22, 23].map((user) => host.client.command(CreateMemberCode, {}, memberCall(user))),
    );
    const tries = codes.flatMap(({ code }) => Array.from({ length: 10 }, (_, index) => register(3000 + index, code)));
    const { fulfilled, refusals } = await settle(tries);
    expect(fulfilled).toBe(4);
    expect(
      [...refusals].filter((name) => !['invite_code.used_up', 'membership.new_members_only'].includes(name)),
    ).toEqual([]);
  });

  it('U-05: at most five unused codes lie about', async () => {
    await register(30, 'COSPLAY7');
    const { fulfilled, refusals } = await settle(
      Array.from({ length: 12 }, () => host.client.command(CreateMemberCode, {}, memberCall(30))),
    );
    expect(fulfilled).toBe(5);
    expect(refusals).toEqual(new Set(['invite_code.too_many_unused']));
  });

  it('starts again without making its code twice', async () => {
    const again = await ServiceHost.start(entitlementService, engine, { TRIAL_INVITE_CODE: 'COSPLAY7' });
    const rows = await again.service.runtime.database?.reader.query(
      "SELECT id FROM invite_codes WHERE code = 'COSPLAY7'",
    );
    await again.stop();
    expect(rows).toHaveLength(1);
  });
});
