import { afterAll, beforeAll, expect, it } from 'vitest';
import { GetMembership, GrantMembership, ListMembershipPeriods, MembershipGranted, RegisterWithCode } from '#contracts';
import { eventually } from '#testing';
import { onEachDatabase } from '#testing/engines';
import { memberCall, ServiceHost } from '#testing/service.host';
import { entitlementService } from '../entitlement.module.js';

const dayMs = 86_400_000;
const admin = memberCall(900, 'admin', { stepped_up: true });
const reason = 'helped at the convention';

onEachDatabase('memberships given by admins', (engine) => {
  let host: ServiceHost;
  const grant = (user_id: number, wish: { plan?: string; days?: number }, idempotencyKey?: string) =>
    host.client.command(GrantMembership, { user_id, reason, ...wish }, admin, { idempotencyKey });
  const endOf = async (userId: number) =>
    Date.parse((await host.client.query(GetMembership, {}, memberCall(userId))).expires_at ?? '');

  beforeAll(async () => {
    host = await ServiceHost.start(entitlementService, engine, { TRIAL_INVITE_CODE: 'COSPLAY7' });
  });
  afterAll(() => host.stop());

  it('B-04: begin now, and prolong what is alive', async () => {
    const { membership } = await grant(1, { days: 14 });
    expect(membership).toMatchObject({ state: 'formal', plan: 'custom_14' });
    const first = Date.parse(membership.expires_at ?? '');
    await grant(1, { plan: 'month' });
    expect(await endOf(1)).toBe(first + 30 * dayMs);
    await host.client.command(RegisterWithCode, { invite_code: 'COSPLAY7' }, memberCall(2));
    const trialEnd = await endOf(2);
    await grant(2, { days: 1 });
    expect(await endOf(2)).toBe(trialEnd + dayMs);
    await grant(2, { plan: 'permanent' });
    await expect(grant(2, { days: 1 })).rejects.toMatchObject({ errorName: 'membership.already_permanent' });
    const { items } = await host.client.query(ListMembershipPeriods, {}, memberCall(2));
    expect(items.map((period) => period.reason)).toEqual(['granted', 'granted', 'trial']);
    await eventually(() => expect(host.payloadsOf(MembershipGranted)).toHaveLength(4));
    expect(host.payloadsOf(MembershipGranted)[0]).toMatchObject({
      user_id: 1,
      granted_by: 900,
      reason,
      renewal: false,
    });
  });

  it('B-04: many at once all count, a repeat does not', async () => {
    await grant(3, { days: 1 }, 'first');
    const start = await endOf(3);
    await Promise.all(Array.from({ length: 20 }, (_, index) => grant(3, { days: 1 }, `parallel-${index}`)));
    await Promise.all(Array.from({ length: 5 }, () => grant(3, { days: 1 }, 'parallel-7')));
    expect(await endOf(3)).toBe(start + 20 * dayMs);
  });

  it('B-04, U-04: the latest told of many at once is the one that counts', async () => {
    await Promise.all(Array.from({ length: 20 }, () => grant(14, { days: 1 })));
    const told = () => host.payloadsOf(MembershipGranted).filter(({ user_id }) => user_id === 14);
    await eventually(() => expect(told()).toHaveLength(20));
    const byChange = told().sort((left, right) => (left.changed_at ?? '').localeCompare(right.changed_at ?? ''));
    expect(new Set(byChange.map(({ changed_at }) => changed_at)).size).toBe(20);
    const ends = byChange.map(({ expires_at }) => expires_at);
    expect(ends).toEqual([...ends].sort());
    expect(Date.parse(ends.at(-1) ?? '')).toBe(await endOf(14));
  });

  it('B-04: are refused to others, without a plan that exists, and with both or neither of plan and days', async () => {
    await expect(
      host.client.command(GrantMembership, { user_id: 4, days: 1, reason }, memberCall(4)),
    ).rejects.toMatchObject({ errorName: 'auth.forbidden' });
    await expect(grant(4, { plan: 'century' })).rejects.toMatchObject({ errorName: 'plan.unknown' });
    for (const wish of [{}, { plan: 'month', days: 3 }, { days: 0 }, { days: 3_661 }]) {
      await expect(grant(4, wish)).rejects.toMatchObject({ errorName: 'request.invalid' });
    }
    expect(await endOf(4)).toBeNaN();
  });
});
