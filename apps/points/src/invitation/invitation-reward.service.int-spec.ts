import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { GetBalance, InvitationRewarded, InvitationSucceeded, ListPointRecords, UserStatusChanged } from '#contracts';
import { eventually } from '#testing';
import { onEachDatabase } from '#testing/engines';
import { callOf, memberCall, ServiceHost } from '#testing/service.host';
import { pointsService } from '../points.module.js';

onEachDatabase('points for invitations', (engine) => {
  let host: ServiceHost;
  const publish = (inviter: number, invitee: number, code: number, id: string = randomUUID()): Promise<void> =>
    host.broker.publish([
      {
        id,
        name: InvitationSucceeded.name,
        service: 'entitlement',
        occurred_at: new Date().toISOString(),
        call: callOf({ kind: 'user', user_id: invitee, role: 'member' }),
        payload: { inviter_user_id: inviter, invitee_user_id: invitee, invite_code_id: code, reward_days: 7 },
      },
    ]);
  const balanceOf = async (userId: number) => (await host.client.query(GetBalance, {}, memberCall(userId))).balance;

  beforeAll(async () => {
    host = await ServiceHost.start(pointsService, engine, { INVITER_REWARD_POINTS: '50', INVITEE_REWARD_POINTS: '20' });
  });
  afterAll(() => host.stop());

  it('U-05: go to both, once, however often the news comes', async () => {
    const id = randomUUID();
    for (let time = 0; time < 3; time += 1) await publish(1, 2, 7, id);
    expect([await balanceOf(1), await balanceOf(2)]).toEqual([50, 20]);
    const { items } = await host.client.query(ListPointRecords, {}, memberCall(1));
    expect(items).toMatchObject([{ type: 'invitation_reward', points: 50, balance_after: 50 }]);
    await eventually(() => {
      expect(host.payloadsOf(InvitationRewarded)).toMatchObject([
        { user_id: 1, share: 'inviter', points: 50, balance: 50 },
        { user_id: 2, share: 'invitee', points: 20, balance: 20 },
      ]);
    });
  });

  it('U-05: of members who invite crosswise do not wait for each other', async () => {
    const pairs = Array.from({ length: 20 }, (_, index) => [10 + (index % 2), 11 - (index % 2), 100 + index] as const);
    await Promise.all(pairs.map(([inviter, invitee, code]) => publish(inviter, invitee, code)));
    expect([await balanceOf(10), await balanceOf(11)]).toEqual([700, 700]);
  });

  it('U-15: go to the other where one of the two is erased', async () => {
    await host.tell(UserStatusChanged, { user_id: 20, status: 'erased', previous: 'active', reason: null });
    await publish(20, 21, 500);
    expect(await balanceOf(21)).toBe(20);
    await eventually(() => {
      const rewarded = host.payloadsOf(InvitationRewarded).filter(({ invite_code_id }) => invite_code_id === 500);
      expect(rewarded).toMatchObject([{ user_id: 21, share: 'invitee' }]);
    });
  });

  it('U-05: are none where the rule says none', async () => {
    const frugal = await ServiceHost.start(pointsService, engine, {
      INVITER_REWARD_POINTS: '0',
      INVITEE_REWARD_POINTS: '0',
    });
    const message = { inviter_user_id: 30, invitee_user_id: 31, invite_code_id: 900, reward_days: 0 };
    const about = { service: 'entitlement', occurred_at: new Date().toISOString() } as const;
    const call = callOf({ kind: 'system', name: 'test' });
    await frugal.broker.publish([
      { id: randomUUID(), name: InvitationSucceeded.name, ...about, call, payload: message },
    ]);
    expect((await frugal.client.query(GetBalance, {}, memberCall(30))).balance).toBe(0);
    await frugal.stop();
  });
});
