import { afterAll, beforeAll, expect, it } from 'vitest';
import { AppError, GetMembership, InviteCodeCreated, MembershipStarted, RegisterWithCode } from '#contracts';
import { eventually } from '#testing';
import { onEachDatabase } from '#testing/engines';
import { memberCall, ServiceHost } from '#testing/service.host';
import { entitlementService } from '../entitlement.module.js';

const dayMs = 86_400_000;

onEachDatabase('registration', (engine) => {
  let host: ServiceHost;
  const register = (userId: number, code: string) =>
    host.client.command(RegisterWithCode, { invite_code: code }, memberCall(userId));
  beforeAll(async () => {
    host = await ServiceHost.start(entitlementService, engine, { TRIAL_INVITE_CODE: 'COSPLAY7' });
  });
  afterAll(() => host.stop());

  it('U-02: gives a trial of seven days for the code, whatever its case, and tells it', async () => {
    const { membership } = await register(1, ' cosplay7 ');
    expect(membership.state).toBe('trial');
    expect(Date.parse(membership.expires_at ?? '') - Date.parse(membership.started_at ?? '')).toBe(7 * dayMs);
    expect(await host.client.query(GetMembership, {}, memberCall(1))).toEqual(membership);
    await eventually(() => {
      expect(host.payloadsOf(MembershipStarted)).toMatchObject([{ user_id: 1, kind: 'trial' }]);
      expect(host.payloadsOf(InviteCodeCreated)).toHaveLength(1);
    });
  });

  it('U-02: refuses an unknown code, a second trial, and a trial after the first has ended', async () => {
    await expect(register(2, 'NOTACODE')).rejects.toMatchObject({ errorName: 'invite_code.unknown' });
    expect(await host.client.query(GetMembership, {}, memberCall(2))).toMatchObject({ state: 'none' });
    await register(2, 'COSPLAY7');
    await expect(register(2, 'COSPLAY7')).rejects.toMatchObject({ errorName: 'membership.already_active' });
    await host.moveClock(8 * dayMs);
    expect(await host.client.query(GetMembership, {}, memberCall(2))).toMatchObject({ state: 'expired' });
    await expect(register(2, 'COSPLAY7')).rejects.toMatchObject({ errorName: 'membership.trial_already_used' });
    await host.moveClock(0);
  });

  it('U-02: 200 registrations of one member at once are one', async () => {
    const tries = await Promise.allSettled(Array.from({ length: 200 }, () => register(3, 'COSPLAY7')));
    expect(tries.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    const refusals = tries.flatMap((result) =>
      result.status === 'rejected' ? [(result.reason as AppError).errorName] : [],
    );
    expect(new Set(refusals)).toEqual(new Set(['membership.already_active']));
  });

  it('U-05: refuses a code that is switched off, outside its window or used up, and uses it up exactly', async () => {
    const database = host.service.runtime.database;
    const code = {
      kind: 'system_trial',
      days: 7,
      max_uses: null,
      uses: 0,
      enabled: 1,
      created_at: '2026-01-01 00:00:00.000',
    };
    await database?.transaction(async (tx) => {
      await tx.insert('invite_codes', { ...code, code: 'SWITCHED', enabled: 0 });
      await tx.insert('invite_codes', { ...code, code: 'TOOEARLY', valid_from: '2999-01-01 00:00:00.000' });
      await tx.insert('invite_codes', { ...code, code: 'TOOLATE', valid_until: '2026-01-02 00:00:00.000' });
      await tx.insert('invite_codes', { ...code, code: 'FIVEUSES', max_uses: 5 });
    });
    for (const wrong of ['SWITCHED', 'TOOEARLY', 'TOOLATE']) {
      await expect(register(4, wrong)).rejects.toMatchObject({ errorName: 'invite_code.not_valid_now' });
    }
    const tries = await Promise.allSettled(Array.from({ length: 40 }, (_, index) => register(100 + index, 'FIVEUSES')));
    expect(tries.filter(({ status }) => status === 'fulfilled')).toHaveLength(5);
    await expect(register(5, 'FIVEUSES')).rejects.toMatchObject({ errorName: 'invite_code.used_up' });
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
