import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  ChangeExchange,
  GetExchange,
  GetMyOrder,
  ItemGranted,
  ListAllExchanges,
  ListExchanges,
  ListPointRecords,
  OrderPlaced,
  RemoveAddress,
  RemoveExchange,
} from '#contracts';
import { eventually } from '#testing';
import { onEachDatabase } from '#testing/engines';
import { memberCall } from '#testing/service.host';
import { outcomes, shopAdmin, ShopPlace } from './shop.fixture.js';

const dayMs = 86_400_000;

onEachDatabase('the exchange shop', (engine) => {
  const shop = new ShopPlace();
  beforeAll(async () => {
    await shop.start(engine);
    await shop.host.moveToNoon();
  });
  afterAll(() => shop.stop());

  it('P-07: exchanges points for an item: debit, stock, order and events together', async () => {
    const item = await shop.item({ stock: 3, fulfilment: 'automatic', reward_reference: 'summer', reward_value: 5 });
    await shop.give(1, 50);
    const order = await shop.buy(1, item.id, { quantity: 2, expected_points: 10 });
    expect(order).toMatchObject({
      status: 'completed',
      points_cost: 20,
      quantity: 2,
      balance: 30,
      exchange_version: 1,
    });
    expect(order.fulfilment_code).toMatch(/^[2-9A-HJ-NP-Z]{12}$/);
    expect(await shop.host.client.query(GetExchange, { id: item.id }, memberCall(1))).toMatchObject({
      stock: 1,
      left_for_me: 1,
    });
    const { items } = await shop.host.client.query(ListPointRecords, {}, memberCall(1));
    expect(items[0]).toMatchObject({ type: 'shop_purchase', points: -20, description: `#${order.id}` });
    await eventually(() => {
      expect(shop.host.payloadsOf(OrderPlaced)).toMatchObject([{ user_id: 1, order_id: order.id, points_cost: 20 }]);
      expect(shop.host.payloadsOf(ItemGranted)).toMatchObject([
        { order_id: order.id, reward_reference: 'summer', reward_value: 5, quantity: 2 },
      ]);
    });
  });

  it('P-07: of 200 members who want the last one at once, one gets it', async () => {
    const item = await shop.item({ stock: 1 });
    const members = Array.from({ length: 200 }, (_, index) => 1000 + index);
    await shop.giveEach(members, 10);
    const { done, refusals } = await outcomes(members.map((userId) => shop.buy(userId, item.id)));
    expect(done).toBe(1);
    expect(refusals).toEqual(new Set(['shop.out_of_stock']));
    const row = await shop.one<{ stock: number; used_count: number }>(
      'SELECT stock, used_count FROM points_exchanges WHERE id = ?',
      [item.id],
    );
    expect(row).toEqual({ stock: 0, used_count: 1 });
    const sum = await shop.one<{ total: number | string }>(
      'SELECT SUM(balance) AS total FROM point_accounts WHERE user_id >= 1000 AND user_id < 1200',
    );
    expect(Number(sum?.total)).toBe(1990);
  });

  it('P-07: one member who asks 50 times at once stays within the limit', async () => {
    const item = await shop.item({ limit_total: 3 });
    await shop.give(2, 1000);
    const { done, refusals } = await outcomes(Array.from({ length: 50 }, () => shop.buy(2, item.id)));
    expect(done).toBe(3);
    expect(refusals).toEqual(new Set(['shop.limit_reached']));
    expect(await shop.balanceOf(2)).toBe(970);
  });

  it('P-07: a limit of the day begins anew with the community’s next day', async () => {
    const item = await shop.item({ limit_per_period: 1, limit_period: 'day', limit_total: 2 });
    await shop.give(3, 100);
    await shop.buy(3, item.id);
    await expect(shop.buy(3, item.id)).rejects.toMatchObject({ errorName: 'shop.period_limit_reached' });
    await shop.host.moveClock(dayMs);
    await shop.buy(3, item.id);
    await shop.host.moveClock(2 * dayMs);
    await expect(shop.buy(3, item.id)).rejects.toMatchObject({ errorName: 'shop.limit_reached' });
    await shop.host.moveClock(0);
  });

  it('P-07: a member never spends more than there is, however many items at once', async () => {
    const items = await Promise.all([shop.item(), shop.item(), shop.item(), shop.item()]);
    await shop.give(4, 25);
    const { done, refusals } = await outcomes(
      Array.from({ length: 40 }, (_, index) => shop.buy(4, items[index % 4]?.id ?? 0)),
    );
    expect(done).toBe(2);
    expect(refusals).toEqual(new Set(['points.insufficient_balance']));
    expect(await shop.balanceOf(4)).toBe(5);
    const sold = await shop.one<{ total: number | string }>(
      `SELECT SUM(used_count) AS total FROM points_exchanges WHERE id IN (${items.map(({ id }) => id).join(', ')})`,
    );
    expect(Number(sold?.total)).toBe(2);
  });

  it('A-03: the same key buys once, also when all come at once, and not another thing', async () => {
    const item = await shop.item();
    await shop.give(5, 100);
    const answers = await Promise.all(Array.from({ length: 30 }, () => shop.buy(5, item.id, {}, 'one')));
    expect(new Set(answers.map(({ id }) => id)).size).toBe(1);
    expect(await shop.balanceOf(5)).toBe(90);
    await expect(shop.buy(5, item.id, { quantity: 2 }, 'one')).rejects.toMatchObject({
      errorName: 'idempotency.key_reused',
    });
  });

  it('P-07: refuses what is off, not yet or no longer on sale, removed, unknown or dearer than seen', async () => {
    await shop.give(6, 1000);
    const refusalOf = async (id: number, more = {}) => (await outcomes([shop.buy(6, id, more)])).refusals;
    const off = await shop.item({ enabled: false });
    const inDays = (days: number): string => new Date(shop.host.homeTime.getTime() + days * dayMs).toISOString();
    const later = await shop.item({ starts_at: inDays(1) });
    const over = await shop.item({ ends_at: inDays(-1) });
    for (const { id } of [off, later, over]) expect(await refusalOf(id)).toEqual(new Set(['shop.item_not_available']));
    const item = await shop.item();
    await shop.host.client.command(ChangeExchange, { id: item.id, points_required: 11 }, shopAdmin);
    expect(await refusalOf(item.id, { expected_points: 10 })).toEqual(new Set(['shop.price_changed']));
    expect(await shop.buy(6, item.id)).toMatchObject({ points_each: 11, exchange_version: 2 });
    await shop.host.client.command(RemoveExchange, { id: item.id }, shopAdmin);
    expect(await refusalOf(item.id)).toEqual(new Set(['shop.item_unknown']));
    expect(await refusalOf(999_999)).toEqual(new Set(['shop.item_unknown']));
    await shop.host.moveClock(2 * dayMs);
    await shop.buy(6, later.id);
    await shop.host.moveClock(0);
  });

  it.each([{ quantity: 0 }, { quantity: -1 }, { quantity: 1.5 }, { quantity: 100 }, { expected_points: 0 }])(
    'P-07: refuses the input %j',
    async (more) => {
      const item = await shop.item();
      await expect(shop.buy(6, item.id, more)).rejects.toMatchObject({ errorName: 'request.invalid' });
    },
  );

  it('P-07: members see what is on the shelf, admins see all by status', async () => {
    const shown = await shop.item({ exchange_type: 'privilege', sort_order: -5 });
    const hidden = await shop.item({ exchange_type: 'privilege', enabled: false });
    const input = { exchange_type: 'privilege', page_size: 100 } as const;
    const mine = await shop.host.client.query(ListExchanges, input, memberCall(7));
    expect(mine.items.map(({ id }) => id)).toEqual([shown.id]);
    for (const [status, id] of [
      ['active', shown.id],
      ['inactive', hidden.id],
    ] as const) {
      const page = await shop.host.client.query(ListAllExchanges, { ...input, status }, shopAdmin);
      expect([status, page.items.map((item) => item.id)]).toEqual([status, [id]]);
    }
    await expect(shop.host.client.query(ListAllExchanges, {}, memberCall(7))).rejects.toMatchObject({
      errorName: 'auth.forbidden',
    });
  });

  it('P-07: a product needs an address, and keeps the one of the moment of purchase', async () => {
    const item = await shop.item({ exchange_type: 'product' });
    await shop.give(8, 100);
    await expect(shop.buy(8, item.id)).rejects.toMatchObject({ errorName: 'shop.address_required' });
    const stranger = await shop.address(9);
    await expect(shop.buy(8, item.id, { address_id: stranger.id })).rejects.toMatchObject({
      errorName: 'address.unknown',
    });
    expect(await shop.balanceOf(8)).toBe(100);
    await shop.address(8);
    expect(await shop.buy(8, item.id)).toMatchObject({ status: 'paid', balance: 90, fulfilment_code: null });
  });

  it('P-07: one member who asks 30 times at once stays within the limit of the week', async () => {
    const item = await shop.item({ limit_per_period: 2, limit_period: 'week' });
    await shop.give(10, 1000);
    const { done, refusals } = await outcomes(Array.from({ length: 30 }, () => shop.buy(10, item.id)));
    expect([done, refusals]).toEqual([2, new Set(['shop.period_limit_reached'])]);
    expect(await shop.balanceOf(10)).toBe(980);
  });

  it('P-07: while an item gets dearer and is taken off, everybody pays the price they saw, or nothing', async () => {
    const item = await shop.item({ stock: 100 });
    const members = Array.from({ length: 40 }, (_, index) => 2000 + index);
    await shop.giveEach(members, 20);
    const change = (changes: object) =>
      shop.host.client.command(ChangeExchange, { id: item.id, ...changes }, shopAdmin);
    // Looked after from the start: some are refused while the item is being changed.
    const buying = outcomes(members.map((userId) => shop.buy(userId, item.id, { expected_points: 10 })));
    await change({ points_required: 15 });
    await change({ enabled: false });
    const { done, refusals } = await buying;
    for (const refusal of refusals) expect(['shop.price_changed', 'shop.item_not_available']).toContain(refusal);
    const row = await shop.one<{ stock: number; used_count: number }>(
      'SELECT stock, used_count FROM points_exchanges WHERE id = ?',
      [item.id],
    );
    expect(row).toEqual({ stock: 100 - done, used_count: done });
    const sum = await shop.one<{ total: number | string }>(
      'SELECT SUM(balance) AS total FROM point_accounts WHERE user_id >= 2000 AND user_id < 2040',
    );
    expect(Number(sum?.total)).toBe(40 * 20 - done * 10);
  });

  it('P-07: an address that goes while an order needs it: the order has it, or there is no order', async () => {
    const item = await shop.item({ exchange_type: 'product' });
    await shop.give(11, 200);
    for (let round = 0; round < 20; round += 1) {
      const { id: address_id } = await shop.address(11);
      const buying = shop.buy(11, item.id, { address_id });
      const removing = shop.host.client.command(RemoveAddress, { id: address_id }, memberCall(11));
      const [bought] = await Promise.allSettled([buying, removing]);
      if (bought.status === 'rejected') expect(bought.reason).toMatchObject({ errorName: 'address.unknown' });
      else {
        const order = await shop.host.client.query(GetMyOrder, { id: bought.value.id }, memberCall(11));
        expect(order.delivery_address).toMatchObject({ city: 'Екатеринбург' });
      }
    }
  });

  const days = { exchange_type: 'privilege', reward_reference: 'membership', reward_value: 30 } as const;
  const change = (id: number, changes: object) =>
    shop.host.client.command(ChangeExchange, { id, ...changes }, shopAdmin);

  it('P-07: days of membership are ordered at once, and not more of them than are given at once', async () => {
    const item = await shop.item({ ...days, fulfilment: 'automatic' });
    await shop.give(12, 3_000);
    expect(item).toMatchObject({ membership_days: 30 });
    expect(await shop.host.client.query(GetExchange, { id: item.id }, memberCall(12))).toMatchObject({
      membership_days: 30,
    });
    const order = await shop.buy(12, item.id, { quantity: 3 });
    expect(order).toMatchObject({ status: 'completed', membership_days: 90, fulfilment_code: null });
    await eventually(() =>
      expect(shop.host.payloadsOf(ItemGranted).filter(({ order_id }) => order_id === order.id)).toMatchObject([
        { exchange_type: 'privilege', reward_reference: 'membership', reward_value: 30, quantity: 3 },
      ]),
    );
    const year = await shop.item({ ...days, reward_value: 365, fulfilment: 'automatic' });
    await expect(shop.buy(12, year.id, { quantity: 11 })).rejects.toMatchObject({
      errorName: 'shop.too_many_days',
      params: { days: 4_015, limit: 3_650 },
    });
    expect(await shop.balanceOf(12)).toBe(2_970);
  });

  it('P-07: nothing is said to be given at once that nobody gives', async () => {
    const problemOf = async (trying: Promise<unknown>): Promise<unknown> => {
      const [result] = await Promise.allSettled([trying]);
      if (result.status === 'fulfilled') return null;
      return (result.reason as { params: { problems: { problem: string }[] } }).params.problems[0]?.problem;
    };
    const automatic = { fulfilment: 'automatic' } as const;
    expect(await problemOf(shop.item({ exchange_type: 'balance', reward_value: 5, ...automatic }))).toBe(
      'nobody_grants_it',
    );
    expect(await problemOf(shop.item({ exchange_type: 'privilege', ...automatic }))).toBe('nobody_grants_it');
    expect(await problemOf(shop.item({ ...days, reward_value: null }))).toBe('days_missing');
    expect(await problemOf(shop.item({ ...days, reward_value: 3_651 }))).toBe('too_many_days');
    const { id } = await shop.item({ exchange_type: 'privilege', reward_reference: 'board' });
    expect(await problemOf(change(id, automatic))).toBe('nobody_grants_it');
    expect(await problemOf(change(id, { ...automatic, reward_reference: 'membership' }))).toBe('days_missing');
    expect(await change(id, { ...automatic, reward_reference: 'membership', reward_value: 7 })).toMatchObject({
      membership_days: 7,
      version: 2,
    });
    expect(await problemOf(change(id, { reward_reference: null }))).toBe('nobody_grants_it');
    // One that is in the shop from before waits for an admin.
    const old = await shop.item({ exchange_type: 'balance', reward_value: 5 });
    await shop.host.service.runtime.database?.transaction((tx) =>
      tx.execute("UPDATE points_exchanges SET fulfilment = 'automatic' WHERE id = ?", [old.id]),
    );
    await shop.give(14, 10);
    expect(await shop.buy(14, old.id)).toMatchObject({ status: 'paid', membership_days: null });
    expect(await problemOf(change(id, { reward_value: 0 }))).toBe('days_missing');
  });

  it('P-07: a stock that is set leaves alone what was sold since the admin looked', async () => {
    const item = await shop.item({ stock: 50 });
    const members = Array.from({ length: 20 }, (_, index) => 4000 + index);
    await Promise.all(members.map((userId) => shop.give(userId, 10)));
    await expect(change(item.id, { stock: 9, expected_stock: 49, points_required: 1 })).rejects.toMatchObject({
      errorName: 'shop.stock_changed',
      params: { stock: 50 },
    });
    const [setting, ...buying] = await Promise.allSettled([
      change(item.id, { stock: 100, expected_stock: 50 }),
      ...members.map((userId) => shop.buy(userId, item.id)),
    ]);
    expect(buying.filter(({ status }) => status === 'rejected')).toEqual([]);
    const { stock } = await shop.host.client.query(GetExchange, { id: item.id }, memberCall(1));
    // Set before the first was sold, or not at all.
    expect(stock).toBe(setting.status === 'fulfilled' ? 80 : 30);
    expect(await change(item.id, { stock: null, expected_stock: stock })).toMatchObject({ stock: null });
    await expect(change(item.id, { stock: 5, expected_stock: 5 })).rejects.toMatchObject({
      errorName: 'shop.stock_changed',
      params: { stock: null },
    });
    expect(await change(item.id, { stock: 5, expected_stock: null })).toMatchObject({ stock: 5, points_required: 10 });
    expect(await change(item.id, { stock: 7 })).toMatchObject({ stock: 7 });
  });

  it.each([{ points_required: 0 }, { points_required: -5 }, { points_required: 1.5 }, { stock: -1 }, { stock: 0.5 }])(
    'P-07: refuses the item %j',
    async (changes) => {
      await expect(shop.item(changes)).rejects.toMatchObject({ errorName: 'request.invalid' });
      const { id } = await shop.item({ stock: 0 });
      const changed = shop.host.client.command(ChangeExchange, { id, ...changes }, shopAdmin);
      await expect(changed).rejects.toMatchObject({ errorName: 'request.invalid' });
      await expect(shop.buy(6, id)).rejects.toMatchObject({ errorName: 'shop.out_of_stock', params: { stock: 0 } });
    },
  );
});
