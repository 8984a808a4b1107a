import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  ErasureStarted,
  GetMembership,
  GrantMembership,
  ItemGiven,
  ItemGranted,
  ItemRefused,
  ItemRevoked,
  ItemTakenBack,
  ListMembershipPeriods,
  MembershipReminderDue,
  RegisterWithCode,
  UserStatusChanged,
  type PayloadOf,
} from '#contracts';
import { eventually } from '#testing';
import { onEachDatabase } from '#testing/engines';
import { memberCall, ServiceHost } from '#testing/service.host';
import { entitlementService } from '../entitlement.module.js';

type Item = PayloadOf<typeof ItemGranted>;

const dayMs = 86_400_000;
const admin = memberCall(900, 'admin', { stepped_up: true });

onEachDatabase('membership days for points', (engine) => {
  let host: ServiceHost;
  let orders = 0;

  const order = (userId: number, changes: Partial<Item> = {}): Item => ({
    order_id: (orders += 1),
    user_id: userId,
    exchange_id: 1,
    exchange_type: 'privilege',
    reward_value: 30,
    reward_reference: 'membership',
    quantity: 1,
    ...changes,
  });
  const told = (contract: typeof ItemGiven | typeof ItemRefused | typeof ItemTakenBack, orderId: number) =>
    host.payloadsOf(contract).filter(({ order_id }) => order_id === orderId);
  const heard = (contract: typeof ItemGiven | typeof ItemRefused | typeof ItemTakenBack, orderId: number) =>
    eventually(() => expect(told(contract, orderId)).toHaveLength(1));
  const buy = async (userId: number, changes: Partial<Item> = {}): Promise<Item> => {
    const item = order(userId, changes);
    await host.tell(ItemGranted, item);
    await heard(ItemGiven, item.order_id);
    return item;
  };
  const refund = async (item: Item): Promise<void> => {
    await host.tell(ItemRevoked, item);
    await heard(ItemTakenBack, item.order_id);
  };
  const grant = (user_id: number, wish: { plan?: string; days?: number }) =>
    host.client.command(GrantMembership, { user_id, reason: 'for the test', ...wish }, admin);
  const membershipOf = (userId: number) => host.client.query(GetMembership, {}, memberCall(userId));
  const endOf = async (userId: number) => Date.parse((await membershipOf(userId)).expires_at ?? '');
  const reasonsOf = async (userId: number) =>
    (await host.client.query(ListMembershipPeriods, {}, memberCall(userId))).items.map(({ reason }) => reason);
  const becomes = (user_id: number, status: 'banned' | 'deletion_pending' | 'active' | 'erased') =>
    host.tell(UserStatusChanged, { user_id, status, previous: 'active', reason: null });
  const count = async (sql: string): Promise<number> =>
    Number((await host.service.runtime.database?.reader.one<{ total: number | string }>(sql))?.total);

  beforeAll(async () => {
    host = await ServiceHost.start(entitlementService, engine, {
      TRIAL_INVITE_CODE: 'COSPLAY7',
      REMINDER_INTERVAL_MS: '100',
    });
    await host.moveToNoon();
  });
  afterAll(() => host.stop());

  it('P-07: begin now for who is no member, and where the membership ends for who is one', async () => {
    await buy(1);
    const first = await endOf(1);
    expect(Math.round((first - host.homeTime.getTime()) / dayMs)).toBe(30);
    expect(await membershipOf(1)).toMatchObject({ state: 'formal', plan: 'custom_30' });
    const item = await buy(1, { reward_value: 10, quantity: 3 });
    expect(await endOf(1)).toBe(first + 30 * dayMs);
    expect(await reasonsOf(1)).toEqual(['exchanged', 'exchanged']);
    expect(told(ItemGiven, item.order_id)).toMatchObject([{ user_id: 1, days: 30, kind: 'formal', renewal: true }]);
    for (const other of [{ reward_reference: 'national_board' }, { exchange_type: 'coupon' } as const]) {
      for (const contract of [ItemGranted, ItemRevoked]) await host.tell(contract, order(1, other));
    }
    expect(await endOf(1)).toBe(first + 30 * dayMs);
    expect(await count('SELECT COUNT(*) AS total FROM membership_orders')).toBe(2);
  });

  it('P-07: the same order told twenty times at once gives once, and is taken back once', async () => {
    await grant(2, { days: 5 });
    const before = await endOf(2);
    const item = order(2);
    await Promise.all(Array.from({ length: 20 }, () => host.tell(ItemGranted, item)));
    await heard(ItemGiven, item.order_id);
    expect(await endOf(2)).toBe(before + 30 * dayMs);
    await Promise.all(Array.from({ length: 20 }, () => host.tell(ItemRevoked, item)));
    await heard(ItemTakenBack, item.order_id);
    expect(await endOf(2)).toBe(before);
    await Promise.all([ItemGranted, ItemRevoked].map((contract) => host.tell(contract, item)));
    expect(await endOf(2)).toBe(before);
    expect(await reasonsOf(2)).toEqual(['taken_back', 'exchanged', 'granted']);
    expect([told(ItemGiven, item.order_id).length, told(ItemTakenBack, item.order_id).length]).toEqual([1, 1]);
  });

  it('P-07: twenty orders and as many grants at once all count', async () => {
    await grant(3, { days: 1 });
    const before = await endOf(3);
    const items = Array.from({ length: 20 }, () => order(3, { reward_value: 2 }));
    await Promise.all(items.flatMap((item) => [host.tell(ItemGranted, item), grant(3, { days: 1 })]));
    await eventually(async () => expect(await endOf(3)).toBe(before + 60 * dayMs));
    await Promise.all(items.map((item) => host.tell(ItemRevoked, item)));
    await eventually(async () => expect(await endOf(3)).toBe(before + 20 * dayMs));
  });

  it('P-07: an order refunded before, while or after it is given leaves no days', async () => {
    await grant(4, { days: 5 });
    const before = await endOf(4);
    const early = order(4);
    await refund(early);
    await host.tell(ItemGranted, early);
    expect(told(ItemTakenBack, early.order_id)).toMatchObject([{ days: 0, membership: null }]);
    expect(await endOf(4)).toBe(before);
    const racing = Array.from({ length: 20 }, () => order(4));
    await Promise.all(
      racing.flatMap((item, index) => {
        const both = [host.tell(ItemGranted, item), host.tell(ItemRevoked, item)];
        return index % 2 === 0 ? both : both.reverse();
      }),
    );
    for (const item of racing) await heard(ItemTakenBack, item.order_id);
    expect(await endOf(4)).toBe(before);
    expect(told(ItemGiven, early.order_id)).toEqual([]);
  });

  it('P-07: changes of one moment have times in their order, so that no copy is left behind', async () => {
    const items = Array.from({ length: 5 }, () => order(16));
    await Promise.all(items.flatMap((item) => [host.tell(ItemGranted, item), host.tell(ItemRevoked, item)]));
    for (const item of items) await heard(ItemTakenBack, item.order_id);
    const given = host.payloadsOf(ItemGiven).filter(({ user_id }) => user_id === 16);
    const taken = host
      .payloadsOf(ItemTakenBack)
      .flatMap(({ user_id, membership, changed_at }) =>
        user_id === 16 && membership ? [{ ...membership, changed_at }] : [],
      );
    const changes = [...given, ...taken];
    expect(new Set(changes.map(({ changed_at }) => changed_at)).size).toBe(changes.length);
    const latest = changes.sort((a, b) => a.changed_at.localeCompare(b.changed_at)).at(-1);
    expect((await membershipOf(16)).expires_at).toBe(latest?.expires_at ?? null);
  });

  it('P-07: what other grants gave stays: only the days of the order that are left go', async () => {
    const first = await buy(5);
    const second = await buy(5, { reward_value: 20 });
    await grant(5, { days: 7 });
    const end = await endOf(5);
    await host.moveClock(10 * dayMs);
    await refund(first);
    // The 20 days that were left of the first order: the second begins now, with the admin's days behind it.
    const after = await endOf(5);
    expect(Math.round((end - after) / dayMs)).toBe(20);
    expect(told(ItemTakenBack, first.order_id)).toMatchObject([{ days: 30, days_taken: 20 }]);
    await host.moveClock(15 * dayMs);
    await refund(second);
    expect(Math.round(((await endOf(5)) - host.homeTime.getTime()) / dayMs)).toBe(15 + 7);
    await host.moveClock(0);
  });

  it('P-07: a membership that consists of the order ends with it, and never before now', async () => {
    const item = await buy(6);
    await host.moveClock(12 * dayMs);
    await refund(item);
    expect(await membershipOf(6)).toMatchObject({ state: 'expired' });
    expect(Math.round(((await endOf(6)) - host.homeTime.getTime()) / dayMs)).toBe(12);
    await host.moveClock(0);
    const over = await buy(7, { reward_value: 2 });
    const end = await endOf(7);
    await host.moveClock(3 * dayMs);
    await refund(over);
    expect(told(ItemTakenBack, over.order_id)).toMatchObject([{ days: 2, days_taken: 0, membership: null }]);
    expect(await endOf(7)).toBe(end);
    await host.moveClock(0);
  });

  it('P-07: a trial is a trial again when the days behind it are taken back', async () => {
    await host.client.command(RegisterWithCode, { invite_code: 'COSPLAY7' }, memberCall(8));
    const trial = await membershipOf(8);
    const [first, second] = [await buy(8), await buy(8)];
    expect(await membershipOf(8)).toMatchObject({ state: 'formal' });
    await refund(first);
    expect(await membershipOf(8)).toMatchObject({ state: 'formal' });
    await refund(second);
    expect(await membershipOf(8)).toEqual(trial);
  });

  it('P-07: a membership without an end is given nothing and loses nothing', async () => {
    const item = await buy(9);
    await grant(9, { plan: 'permanent' });
    await refund(item);
    expect(told(ItemTakenBack, item.order_id)).toMatchObject([{ membership: null }]);
    const refused = order(9);
    await Promise.all(Array.from({ length: 10 }, () => host.tell(ItemGranted, refused)));
    await heard(ItemRefused, refused.order_id);
    expect(told(ItemRefused, refused.order_id)).toMatchObject([{ user_id: 9, reason: 'already_permanent' }]);
    await host.tell(ItemRevoked, refused);
    expect(await membershipOf(9)).toMatchObject({ state: 'permanent', expires_at: null });
    expect(told(ItemTakenBack, refused.order_id)).toEqual([]);
  });

  it.each([
    [{ reward_value: 0 }, 'days_out_of_range'],
    [{ reward_value: null }, 'days_out_of_range'],
    [{ reward_value: 3_650, quantity: 2 }, 'days_out_of_range'],
  ])('P-07: refuses %j', async (changes, reason) => {
    const item = order(10, changes);
    await host.tell(ItemGranted, item);
    await eventually(() => expect(told(ItemRefused, item.order_id)).toMatchObject([{ reason }]));
    expect(await endOf(10)).toBeNaN();
  });

  it('P-07: refuses what would end later than any membership may', async () => {
    await Promise.all(Array.from({ length: 10 }, () => grant(11, { days: 3_652 })));
    const item = order(11);
    await host.tell(ItemGranted, item);
    await eventually(() => expect(told(ItemRefused, item.order_id)).toMatchObject([{ reason: 'ends_too_late' }]));
  });

  it('P-07, U-15: refuses who may not have it, and makes nobody known again', async () => {
    for (const [userId, status, reason] of [
      [12, 'banned', 'banned'],
      [13, 'deletion_pending', 'deletion_pending'],
      [14, 'erased', 'unknown_member'],
    ] as const) {
      await becomes(userId, status);
      const item = order(userId);
      await host.tell(ItemGranted, item);
      await eventually(() => expect(told(ItemRefused, item.order_id)).toMatchObject([{ reason }]));
    }
    expect(await count('SELECT COUNT(*) AS total FROM memberships WHERE user_id = 14')).toBe(0);
    const item = await buy(15);
    await host.tell(ErasureStarted, { user_id: 15 });
    await becomes(15, 'erased');
    await refund(item);
    await host.tell(ItemGranted, item);
    expect(await count('SELECT COUNT(*) AS total FROM memberships WHERE user_id = 15')).toBe(0);
    expect([told(ItemGiven, item.order_id).length, told(ItemRefused, item.order_id).length]).toEqual([1, 0]);
  });

  it('U-06: an end that a refund has brought is told with the refund, and no reminder says it again', async () => {
    await refund(await buy(50));
    expect(await membershipOf(50)).toMatchObject({ state: 'expired' });
    await grant(51, { days: 1 });
    await host.moveClock(dayMs);
    const reminded = (): number[] =>
      host
        .payloadsOf(MembershipReminderDue)
        .filter(({ kind }) => kind === 'expired')
        .map(({ user_id }) => user_id);
    await eventually(() => expect(reminded()).toContain(51));
    expect(reminded()).not.toContain(50);
  });
});
