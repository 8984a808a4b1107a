import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  CancelMyOrder,
  ChangeExchangeStock,
  ConfirmMyOrder,
  GetMyOrder,
  GetOrder,
  ItemGranted,
  ItemRefused,
  ItemRevoked,
  ListMyOrders,
  ListOrders,
  ListPointRecords,
  MoveOrder,
  OrderMoved,
  type InputOf,
} from '#contracts';
import { eventually } from '#testing';
import { onEachDatabase } from '#testing/engines';
import { memberCall } from '#testing/service.host';
import { outcomes, shopAdmin, ShopPlace } from './shop.fixture.js';

const dayMs = 86_400_000;

onEachDatabase('orders of the exchange shop', (engine) => {
  const shop = new ShopPlace();
  const cancel = (userId: number, id: number) => shop.host.client.command(CancelMyOrder, { id }, memberCall(userId));
  const confirm = (userId: number, id: number) => shop.host.client.command(ConfirmMyOrder, { id }, memberCall(userId));
  const move = (id: number, status: InputOf<typeof MoveOrder>['status'], more: object = {}) =>
    shop.host.client.command(MoveOrder, { id, status, ...more }, shopAdmin);
  const stockOf = async (id: number) =>
    shop.one<{ stock: number; used_count: number }>('SELECT stock, used_count FROM points_exchanges WHERE id = ?', [
      id,
    ]);
  beforeAll(async () => {
    await shop.start(engine);
    await shop.host.moveToNoon();
  });
  afterAll(() => shop.stop());

  it('P-07: a parcel goes its way, and the member reads where it is', async () => {
    const item = await shop.item({ exchange_type: 'product', stock: 5 });
    await shop.give(1, 100);
    await shop.address(1);
    const { id } = await shop.buy(1, item.id);
    await move(id, 'processing');
    await expect(move(id, 'shipped')).rejects.toMatchObject({ errorName: 'shop.tracking_required' });
    await move(id, 'shipped', { tracking_carrier: 'Почта', tracking_number: 'RA123' });
    await move(id, 'delivered');
    expect(await confirm(1, id)).toMatchObject({ status: 'completed', tracking_number: 'RA123' });
    const order = await shop.host.client.query(GetMyOrder, { id }, memberCall(1));
    expect(order.steps.map(({ to, by }) => `${by} ${to}`)).toEqual([
      'member paid',
      'admin processing',
      'admin shipped',
      'admin delivered',
      'member completed',
    ]);
    expect(order.delivery_address).toMatchObject({ city: 'Екатеринбург', phone: '+79123456789' });
    expect((await shop.host.client.query(GetOrder, { id }, shopAdmin)).delivery_address).toEqual(
      order.delivery_address,
    );
    const stored = await shop.one<{ sealed: string }>(
      'SELECT sealed FROM points_exchange_addresses WHERE order_id = ?',
      [id],
    );
    expect(stored?.sealed).toMatch(/^v1:/);
    await eventually(() => {
      const told = shop.host.payloadsOf(OrderMoved).filter(({ order_id }) => order_id === id);
      expect(told.map(({ to }) => to)).toEqual(['processing', 'shipped', 'delivered', 'completed']);
    });
  });

  it('P-07: 50 cancellations at once give points, stock and limit back once', async () => {
    const item = await shop.item({ stock: 2, limit_total: 1 });
    await shop.give(2, 30);
    const { id } = await shop.buy(2, item.id);
    expect(await stockOf(item.id)).toEqual({ stock: 1, used_count: 1 });
    const { done, refusals } = await outcomes(
      Array.from({ length: 50 }, (_, index) => (index % 2 === 0 ? cancel(2, id) : move(id, 'cancelled'))),
    );
    expect([done, refusals]).toEqual([1, new Set(['shop.order_step_refused'])]);
    expect(await shop.balanceOf(2)).toBe(30);
    expect(await stockOf(item.id)).toEqual({ stock: 2, used_count: 0 });
    const { items } = await shop.host.client.query(ListPointRecords, {}, memberCall(2));
    expect(items.map(({ type, points }) => [type, points])).toEqual([
      ['shop_refund', 10],
      ['shop_purchase', -10],
      ['admin_adjust', 30],
    ]);
    await shop.buy(2, item.id);
  });

  it('P-07: buying and cancelling crosswise neither hangs nor loses anything', async () => {
    const [first, second] = [await shop.item({ stock: 10 }), await shop.item({ stock: 10 })];
    const members = Array.from({ length: 20 }, (_, index) => 3000 + index);
    await shop.giveEach(members, 20);
    const { refusals } = await outcomes(
      members.map(async (userId, index) => {
        const wanted = index % 2 === 0 ? [first, second] : [second, first];
        for (const { id } of wanted) await cancel(userId, (await shop.buy(userId, id)).id);
      }),
    );
    expect([...refusals].filter((name) => name !== 'shop.out_of_stock')).toEqual([]);
    for (const { id } of [first, second]) expect(await stockOf(id)).toEqual({ stock: 10, used_count: 0 });
    const sum = await shop.one<{ total: number | string }>(
      'SELECT SUM(balance) AS total FROM point_accounts WHERE user_id >= 3000 AND user_id < 3020',
    );
    expect(Number(sum?.total)).toBe(400);
  });

  it('P-07: cancelling an order of yesterday gives nothing back of today’s limit', async () => {
    const item = await shop.item({ limit_per_period: 1, limit_period: 'day' });
    await shop.give(11, 30);
    const { id } = await shop.buy(11, item.id);
    await shop.host.moveClock(dayMs);
    await shop.buy(11, item.id);
    await cancel(11, id);
    await expect(shop.buy(11, item.id)).rejects.toMatchObject({ errorName: 'shop.period_limit_reached' });
    expect(await shop.balanceOf(11)).toBe(20);
    await shop.host.moveClock(0);
  });

  it('P-07: a member cancels nothing that is worked on, and nobody else’s', async () => {
    const item = await shop.item();
    await shop.give(4, 30);
    const { id } = await shop.buy(4, item.id);
    await expect(cancel(5, id)).rejects.toMatchObject({ errorName: 'shop.order_unknown' });
    await expect(shop.host.client.query(GetMyOrder, { id }, memberCall(5))).rejects.toMatchObject({
      errorName: 'shop.order_unknown',
    });
    await move(id, 'processing');
    await expect(cancel(4, id)).rejects.toMatchObject({
      errorName: 'shop.order_step_refused',
      params: { status: 'processing' },
    });
    await expect(confirm(4, id)).rejects.toMatchObject({ errorName: 'shop.order_step_refused' });
    await expect(move(id, 'shipped', { tracking_number: '1' })).rejects.toMatchObject({
      errorName: 'shop.order_step_refused',
    });
    const refused = shop.host.client.command(MoveOrder, { id, status: 'completed' }, memberCall(4));
    await expect(refused).rejects.toMatchObject({ errorName: 'auth.forbidden' });
  });

  it('P-07: what is granted by hand is granted when it is completed, and taken back with a refund', async () => {
    const item = await shop.item({ exchange_type: 'privilege', stock: 1, reward_reference: 'national_board' });
    await shop.give(6, 10);
    const { id } = await shop.buy(6, item.id);
    expect(await move(id, 'completed', { fulfilment_code: 'ASK-AT-DESK' })).toMatchObject({
      fulfilment_code: 'ASK-AT-DESK',
    });
    expect(await move(id, 'refunded', { note: 'given twice' })).toMatchObject({
      status: 'refunded',
      note: 'given twice',
    });
    expect(await shop.balanceOf(6)).toBe(10);
    expect(await stockOf(item.id)).toEqual({ stock: 0, used_count: 0 });
    await eventually(() => {
      for (const event of [ItemGranted, ItemRevoked])
        expect(shop.host.payloadsOf(event).filter(({ order_id }) => order_id === id)).toMatchObject([
          { reward_reference: 'national_board', user_id: 6 },
        ]);
    });
    await expect(move(id, 'refunded')).rejects.toMatchObject({ errorName: 'shop.order_step_refused' });
  });

  it('P-07: what could not be given is refunded with stock and limit, once, and says why', async () => {
    const days = { exchange_type: 'privilege', reward_reference: 'membership', reward_value: 30 } as const;
    const item = await shop.item({ ...days, fulfilment: 'automatic', stock: 5, limit_total: 1 });
    await shop.give(12, 10);
    const { id, status, membership_days } = await shop.buy(12, item.id);
    expect([status, membership_days]).toEqual(['completed', 30]);
    const refuse = (order_id: number, user_id = 12) =>
      shop.host.tell(ItemRefused, { order_id, user_id, reason: 'already_permanent' });
    await refuse(id, 4);
    await refuse(999_999);
    expect(await shop.balanceOf(12)).toBe(0);
    await Promise.all(Array.from({ length: 20 }, () => refuse(id)));
    expect(await shop.balanceOf(12)).toBe(10);
    expect(await stockOf(item.id)).toEqual({ stock: 5, used_count: 0 });
    const order = await shop.host.client.query(GetMyOrder, { id }, memberCall(12));
    expect(order).toMatchObject({ status: 'refunded', refusal: 'already_permanent', membership_days: 30 });
    expect(order.steps.map(({ by, to }) => `${by} ${to}`)).toEqual([
      'member paid',
      'system completed',
      'system refunded',
    ]);
    await eventually(() =>
      expect(shop.host.payloadsOf(OrderMoved).filter(({ order_id }) => order_id === id)).toMatchObject([
        { from: 'completed', to: 'refunded', by: 'system', points_refunded: 10, refusal: 'already_permanent' },
      ]),
    );
    // Nothing was given, so nothing is to be taken back.
    expect(shop.host.payloadsOf(ItemRevoked).filter(({ order_id }) => order_id === id)).toEqual([]);
    await shop.buy(12, item.id);
  });

  it('P-07: an order that is refunded by an admin while it is refused gives its points back once', async () => {
    const days = { exchange_type: 'privilege', reward_reference: 'membership', reward_value: 30 } as const;
    const item = await shop.item({ ...days, fulfilment: 'automatic', stock: 30 });
    await shop.give(13, 200);
    for (let round = 0; round < 20; round += 1) {
      const { id } = await shop.buy(13, item.id);
      const refused = shop.host.tell(ItemRefused, { order_id: id, user_id: 13, reason: 'banned' });
      await Promise.allSettled([refused, move(id, 'refunded', { restock: true })]);
    }
    await eventually(async () => expect(await shop.balanceOf(13)).toBe(200));
    expect(await stockOf(item.id)).toEqual({ stock: 30, used_count: 0 });
    const manual = await shop.item(days);
    const { id } = await shop.buy(13, manual.id);
    await shop.host.tell(ItemRefused, { order_id: id, user_id: 13, reason: 'banned' });
    expect(await shop.host.client.query(GetMyOrder, { id }, memberCall(13))).toMatchObject({ status: 'paid' });
  });

  it('P-07: goods that came back are sold again', async () => {
    const item = await shop.item({ exchange_type: 'product', stock: 1 });
    await shop.give(7, 10);
    await shop.address(7);
    const { id } = await shop.buy(7, item.id);
    await move(id, 'shipped', { tracking_number: 'X1' });
    await move(id, 'refunded', { restock: true });
    expect(await stockOf(item.id)).toEqual({ stock: 1, used_count: 0 });
  });

  it('P-07: orders are listed for their member, and for admins by status and item', async () => {
    const item = await shop.item();
    await shop.give(8, 100);
    const made = [await shop.buy(8, item.id), await shop.buy(8, item.id)];
    await cancel(8, made[0]?.id ?? 0);
    const mine = await shop.host.client.query(ListMyOrders, {}, memberCall(8));
    expect(mine.items.map(({ status }) => status)).toEqual(['paid', 'cancelled']);
    const page = await shop.host.client.query(ListOrders, { exchange_id: item.id, status: 'paid' }, shopAdmin);
    expect(page.items.map(({ id }) => id)).toEqual([made[1]?.id]);
    await expect(shop.host.client.query(ListOrders, {}, memberCall(8))).rejects.toMatchObject({
      errorName: 'auth.forbidden',
    });
  });

  it('P-07: stock is changed by how much, never below zero, with many at once', async () => {
    const item = await shop.item({ stock: 5 });
    const change = (by: number) =>
      shop.host.client.command(ChangeExchangeStock, { id: item.id, change: by, reason: 'counted anew' }, shopAdmin);
    const { done, refusals } = await outcomes(Array.from({ length: 20 }, () => change(-1)));
    expect([done, refusals]).toEqual([5, new Set(['shop.stock_out_of_range'])]);
    await Promise.all(Array.from({ length: 20 }, () => change(2)));
    expect(await stockOf(item.id)).toMatchObject({ stock: 40 });
    const full = await shop.item({ stock: 999_999 });
    const more = { id: full.id, change: 2, reason: 'counted anew' };
    await expect(shop.host.client.command(ChangeExchangeStock, more, shopAdmin)).rejects.toMatchObject({
      errorName: 'shop.stock_out_of_range',
    });
    const unlimited = await shop.item();
    const input = { id: unlimited.id, change: 1, reason: 'counted anew' };
    await expect(shop.host.client.command(ChangeExchangeStock, input, shopAdmin)).rejects.toMatchObject({
      errorName: 'shop.stock_unlimited',
    });
  });

  it('P-07: of cancelling and shipping at the same moment one happens, and the books follow it', async () => {
    const item = await shop.item({ exchange_type: 'product', stock: 20 });
    const members = Array.from({ length: 20 }, (_, index) => 4000 + index);
    await shop.giveEach(members, 10);
    const made = await Promise.all(
      members.map(async (userId) => {
        await shop.address(userId);
        return { userId, id: (await shop.buy(userId, item.id)).id };
      }),
    );
    const ship = (id: number) => move(id, 'shipped', { tracking_number: 'X1' });
    const { done, refusals } = await outcomes(
      made.flatMap(({ userId, id }, index) =>
        index % 2 === 0 ? [cancel(userId, id), ship(id)] : [ship(id), cancel(userId, id)],
      ),
    );
    expect([done, refusals]).toEqual([20, new Set(['shop.order_step_refused'])]);
    const { items: shipped } = await shop.host.client.query(
      ListOrders,
      { exchange_id: item.id, status: 'shipped', page_size: 100 },
      shopAdmin,
    );
    expect(await stockOf(item.id)).toEqual({ stock: 20 - shipped.length, used_count: shipped.length });
    const balances = await Promise.all(members.map((userId) => shop.balanceOf(userId)));
    const buyers = new Set(shipped.map(({ user_id }) => user_id));
    expect(balances).toEqual(members.map((userId) => (buyers.has(userId) ? 0 : 10)));
  });

  it('P-07: a code is told to its member until it is taken back, and stands in no list of everybody’s', async () => {
    const item = await shop.item({ fulfilment: 'automatic' });
    await shop.give(9, 10);
    const { id, fulfilment_code: code } = await shop.buy(9, item.id);
    const codes = async () => {
      const [mine, list, all, one] = await Promise.all([
        shop.host.client.query(GetMyOrder, { id }, memberCall(9)),
        shop.host.client.query(ListMyOrders, {}, memberCall(9)),
        shop.host.client.query(ListOrders, { exchange_id: item.id }, shopAdmin),
        shop.host.client.query(GetOrder, { id }, shopAdmin),
      ]);
      return [mine, list.items[0], all.items[0], one].map((order) => order?.fulfilment_code);
    };
    expect(await codes()).toEqual([code, code, null, code]);
    await move(id, 'refunded');
    expect(await codes()).toEqual([null, null, null, code]);
    expect(JSON.stringify(shop.host.events)).not.toContain(code);
  });

  it('P-07, U-15: the order of a member who is erased goes nowhere, and can still be ended', async () => {
    const item = await shop.item({ exchange_type: 'product', stock: 1 });
    await shop.give(10, 10);
    await shop.address(10);
    const { id } = await shop.buy(10, item.id);
    await shop.erase(10);
    expect(await shop.host.client.query(GetOrder, { id }, shopAdmin)).toMatchObject({
      status: 'paid',
      delivery_address: null,
    });
    expect(await move(id, 'cancelled')).toMatchObject({ status: 'cancelled' });
    expect(await stockOf(item.id)).toEqual({ stock: 1, used_count: 0 });
    await eventually(() => expect(shop.buy(10, item.id)).rejects.toMatchObject({ errorName: 'auth.unauthenticated' }));
  });
});
