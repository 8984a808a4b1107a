import { describe, expect, it } from 'vitest';
import { eventually } from '#testing';
import { takeAndCloseAlarm } from './bot-admin/alarm.walks.js';
import { givePoints } from './stages/admin.doors.js';
import type { Person, Stage } from './stages/index.js';
import { stageKinds, useStage } from './stages/index.js';
import { auditEntries, metricSum } from './stages/platform.readings.js';

interface Item {
  id: number;
  stock: number | null;
  left_for_me: number | null;
}

interface Order {
  id: number;
  status: string;
  points_cost: number;
  fulfilment_code: string | null;
  tracking_number: string | null;
}

interface Membership {
  state: string;
  expires_at: string | null;
}

interface Adjustment {
  id: number;
  state: string;
}

const shops = [
  {
    language: 'zh-hans',
    shelf: /积分商店/,
    price: /价格：30 积分/,
    exchange: /^🛍 用 30 积分 兑换$/,
    confirm: '✅ 确认兑换',
    bought: /归你了/,
    cancel: '✖️ 取消订单',
    cancelled: /已取消，积分已退回/,
    missing: /还差/,
    address: /寄到哪里/,
    saved: /已保存/,
    onItsWay: /已发货/,
    received: '📬 我已收到',
    done: /已完成/,
    item: '徽章',
  },
  {
    language: 'en',
    shelf: /The exchange shop/,
    price: /Price: 30 points/,
    exchange: /^🛍 Exchange 30 points$/,
    confirm: '✅ Yes, exchange',
    bought: /is yours/,
    cancel: '✖️ Cancel this order',
    cancelled: /Cancelled, the points are back/,
    missing: /You need/,
    address: /Where shall it go/,
    saved: /Saved/,
    onItsWay: /it is on its way/,
    received: '📬 It has arrived',
    done: /Done/,
    item: 'Badge',
  },
  {
    language: 'ru',
    shelf: /Магазин за баллы/,
    price: /Цена: 30 баллов/,
    exchange: /^🛍 Обменять 30 баллов$/,
    confirm: '✅ Да, обменять',
    bought: /Теперь это ваше/,
    cancel: '✖️ Отменить заказ',
    cancelled: /Отменён, баллы вернулись/,
    missing: /Не хватает/,
    address: /Куда отправить/,
    saved: /Адрес сохранён/,
    onItsWay: /уже в пути/,
    received: '📬 Уже у меня',
    done: /Готово/,
    item: 'Значок',
  },
];
const name = { zh: '徽章', en: 'Badge', ru: 'Значок' };
const lines = 'Aki Example\n+79123456789\nRU\nMoscow\nMoscow\nExample street 1\n101000';
const address = {
  name: 'Aki Example',
  phone: '138 0013 8000',
  country: 'CN',
  province: 'Shanghai',
  city: 'Shanghai',
  address: 'Example Road 1',
};
const reason = 'prize of the photo contest';
const days = {
  exchange_type: 'privilege',
  reward_reference: 'membership',
  reward_value: 30,
  fulfilment: 'automatic',
  name: { zh: '三十天', en: 'Thirty days', ru: 'Тридцать дней' },
};
const dayMs = 86_400_000;

describe.each(stageKinds)('the exchange shop on $title', (kind) => {
  const stage = useStage(kind, { environment: { VELOCITY_INTERVAL_MS: '200' } });

  async function createItem(stageOf: Stage, changes: object = {}): Promise<Item> {
    const body = { exchange_type: 'product', name, points_required: 30, stock: 10, ...changes };
    return (await stageOf.admin()).post<Item>('/v1/admin/exchanges', { body });
  }

  /** Somebody with points. */
  async function shopper(languageCode: string, points: number): Promise<Person & { userId: number }> {
    const person = await stage().person({ first_name: 'Shopper', language_code: languageCode });
    const { id } = await person.rest.get<{ id: number }>('/v1/users/me');
    if (points > 0) await givePoints(await stage().admin(), id, points, reason);
    return { ...person, userId: id };
  }

  const balanceOf = async ({ rest }: Person): Promise<number> =>
    (await rest.get<{ balance: number }>('/v1/points/balance')).balance;

  it.each(shops)('P-07: by chat in $language: address, exchange, parcel, and cancelling another', async (words) => {
    const item = await createItem(stage(), { sort_order: -1 });
    const { chat, rest, userId } = await shopper(words.language, 70);
    await chat.start();
    await chat.send('/shop');
    await chat.waitForMessage(words.shelf);
    await chat.click(new RegExp(`^${words.item}`));
    await chat.waitForMessage(words.price);
    await chat.click(/^➕/);
    await chat.waitForMessage(words.address);
    await chat.send('somewhere');
    await chat.send(lines);
    await chat.waitForMessage(words.saved);
    await chat.click(/^◀️/);
    await chat.click(words.exchange);
    // A press that comes twice exchanges once.
    await Promise.all([chat.click(words.confirm), chat.click(words.confirm).catch(() => undefined)]);
    await chat.waitForMessage(words.bought);
    const { items: orders } = await rest.get<{ items: Order[] }>('/v1/points/exchange-orders');
    expect(orders).toMatchObject([{ status: 'paid', points_cost: 30 }]);
    const admin = await stage().admin();
    await admin.post(`/v1/admin/exchange-orders/${orders[0]?.id}/steps`, {
      body: { status: 'shipped', tracking_number: 'RA123456789' },
    });
    await chat.waitForMessage(new RegExp(`${words.onItsWay.source}[\\s\\S]*RA123456789`));
    await chat.send('/orders');
    await chat.click(new RegExp(`#${orders[0]?.id} ·`));
    await chat.click(words.received);
    await chat.waitForMessage(words.done);
    await rest.post('/v1/points/exchange', { body: { exchange_id: item.id } });
    await chat.send('/orders');
    await chat.click(/^🕓 #/);
    await chat.click(words.cancel);
    await chat.waitForMessage(words.cancelled);
    expect(await balanceOf({ chat, rest })).toBe(40);
    await auditEntries(admin, userId, ['points.order_placed.v1', 'points.order_moved.v1']);
  });

  it('P-07: by REST: what is bought with one key is bought once, and the last one goes to one', async () => {
    const item = await createItem(stage(), { exchange_type: 'coupon', stock: 1, fulfilment: 'automatic' });
    const people = await Promise.all([1, 2, 3].map(() => shopper('en', 30)));
    const body = { exchange_id: item.id, expected_points: 30 };
    const answers = await Promise.all(
      people.map(({ rest }) =>
        rest.call<Order>('POST', '/v1/points/exchange', { body, idempotencyKey: 'the-last-one' }),
      ),
    );
    expect(answers.map(({ code }) => code).sort()).toEqual([0, 20522, 20522]);
    const winner = answers.findIndex(({ code }) => code === 0);
    const again = await people[winner]?.rest.call<Order>('POST', '/v1/points/exchange', {
      body,
      idempotencyKey: 'the-last-one',
    });
    expect(again?.data).toEqual(answers[winner]?.data);
    expect(again?.data.fulfilment_code).toMatch(/^[2-9A-HJ-NP-Z]{12}$/);
    expect(await Promise.all(people.map(balanceOf))).toEqual(people.map((_, index) => (index === winner ? 0 : 30)));
    await eventually(async () => {
      const entries = await auditEntries(await stage().admin(), people[winner]?.userId ?? 0, [
        'points.item_granted.v1',
      ]);
      expect(entries.length).toBeGreaterThan(0);
    });
  });

  // These wait for the pace of a chat most of the time, so they wait together.
  it.concurrent('P-07: by chat: points become days of membership, and points again with a refund', async () => {
    await createItem(stage(), { ...days, sort_order: -3 });
    const { chat, rest } = await shopper('ru', 40);
    await chat.start();
    await chat.send('/shop');
    await chat.click(/^Тридцать дней/);
    await chat.waitForMessage(/\+30 дней членства[\s\S]*Цена: 30 баллов/);
    await chat.click(/^🛍 Обменять/);
    await chat.click('✅ Да, обменять');
    await chat.waitForMessage(/Вы обменяли баллы на Тридцать дней[\s\S]*\+30 дней членства[\s\S]*Новый срок/);
    await chat.waitForMessage(/\+30 дней членства за ваши баллы![\s\S]*Теперь ваше членство действует до/);
    const { items } = await rest.get<{ items: Order[] }>('/v1/points/exchange-orders');
    expect(items).toMatchObject([{ status: 'completed', membership_days: 30 }]);
    const refund = { body: { status: 'refunded', note: 'по ошибке' } };
    await (await stage().admin()).post(`/v1/admin/exchange-orders/${items[0]?.id}/steps`, refund);
    await chat.waitForMessage(/оформлен возврат[\s\S]*вернулось 30 баллов[\s\S]*по ошибке/);
    await chat.waitForMessage(/снято 30 дней членства[\s\S]*Ваше членство закончилось/);
    expect(await rest.get('/v1/users/me/membership')).toMatchObject({ state: 'expired' });
    expect(await balanceOf({ chat, rest })).toBe(40);
  });

  it.concurrent(
    'P-07, U-04: by REST: days begin where the membership ends, and are taken back; the shelf is honest',
    async () => {
      const item = await createItem(stage(), { ...days, stock: 5 });
      const { rest, userId } = await shopper('en', 60);
      const admin = await stage().admin();
      const endOf = async () => Date.parse((await rest.get<Membership>('/v1/users/me/membership')).expires_at ?? '');
      await admin.post(`/v1/admin/users/${userId}/membership-grants`, { body: { days: 5, reason } });
      const before = await endOf();
      const order = await rest.post<Order>('/v1/points/exchange', { body: { exchange_id: item.id, quantity: 2 } });
      await eventually(async () => expect(await endOf()).toBe(before + 60 * dayMs));
      // The profile is another service's, and hears of it.
      await eventually(async () => {
        const { membership } = await rest.get<{ membership: Membership }>('/v1/users/me');
        expect(Date.parse(membership.expires_at ?? '')).toBe(before + 60 * dayMs);
      });
      await admin.post(`/v1/admin/exchange-orders/${order.id}/steps`, { body: { status: 'refunded', restock: true } });
      await eventually(async () => expect(await endOf()).toBe(before));
      const { items } = await rest.get<{ items: { reason: string }[] }>('/v1/users/me/membership/periods');
      expect(items.map((period) => period.reason)).toEqual(['taken_back', 'exchanged', 'granted']);
      await auditEntries(admin, userId, ['entitlement.item_given.v1', 'entitlement.item_taken_back.v1']);
      const unfit = { ...days, points_required: 30, reward_reference: 'national_board' };
      expect(await admin.call('POST', '/v1/admin/exchanges', { body: unfit })).toMatchObject({
        status: 400,
        code: 20001,
      });
      const wish = { body: { stock: 9, expected_stock: 4 } };
      expect(await admin.call('PATCH', `/v1/admin/exchanges/${item.id}`, wish)).toMatchObject({
        status: 409,
        code: 20870,
        data: { stock: 5 },
      });
    },
  );

  it.concurrent('P-07, U-04: whose membership has no end gets the points back, and reads why', async () => {
    const item = await createItem(stage(), { ...days, stock: 5 });
    const { chat, rest, userId } = await shopper('zh-hans', 30);
    await chat.start();
    const admin = await stage().steppedUpAdmin();
    const grant = { body: { plan: 'permanent', reason } };
    await admin.post(`/v1/admin/users/${userId}/membership-grants`, grant);
    const { id, status } = await rest.post<Order>('/v1/points/exchange', { body: { exchange_id: item.id } });
    expect(status).toBe('completed');
    await chat.waitForMessage(/已退款，30 积分已退回[\s\S]*你已是永久会员/);
    const refused = { status: 'refunded', refusal: 'already_permanent' };
    expect(await rest.get(`/v1/points/exchange-orders/${id}`)).toMatchObject(refused);
    expect(await balanceOf({ chat, rest })).toBe(30);
    expect(await rest.get<Item>(`/v1/points/exchanges/${item.id}`)).toMatchObject({ stock: 5 });
    const membership = await rest.get<Membership>('/v1/users/me/membership');
    expect(membership).toMatchObject({ state: 'permanent', expires_at: null });
    await auditEntries(admin, userId, ['entitlement.item_refused.v1']);
  });

  it('P-07: sends a parcel where the question said, though another address is the default meanwhile', async () => {
    await createItem(stage(), { name: { zh: '旗', en: 'Banner', ru: 'Флаг' }, sort_order: -2 });
    const { chat, rest } = await shopper('en', 60);
    const lines = (city: string) => ({ ...address, city });
    await rest.post('/v1/addresses', { body: lines('Shanghai') });
    const ask = async (): Promise<void> => {
      await chat.send('/shop');
      await chat.click(/^Banner/);
      await chat.click(/^🛍 Exchange/);
      await chat.waitForMessage(/Aki Example/);
    };
    await chat.start();
    await ask();
    await chat.waitForMessage(/Shanghai/);
    await rest.post('/v1/addresses', { body: { ...lines('Suzhou'), is_default: true } });
    await chat.click('✅ Yes, exchange');
    await chat.waitForMessage(/is yours/);
    const { items } = await rest.get<{ items: Order[] }>('/v1/points/exchange-orders');
    expect(await rest.get(`/v1/points/exchange-orders/${items[0]?.id}`)).toMatchObject({
      delivery_address: { city: 'Shanghai' },
    });
    await ask();
    const book = await rest.get<{ items: { id: number; city: string }[] }>('/v1/addresses');
    for (const { id } of book.items) await rest.call('DELETE', `/v1/addresses/${id}`);
    await chat.click('✅ Yes, exchange');
    await chat.waitForMessage(/no such address/i);
    expect(await balanceOf({ chat, rest })).toBe(30);
  });

  it('P-07: refuses what cannot be, in the language of the member, with nothing half done', async () => {
    const item = await createItem(stage(), { limit_total: 1 });
    const { rest } = await shopper('ru', 40);
    const buy = (client = rest) => client.call('POST', '/v1/points/exchange', { body: { exchange_id: item.id } });
    expect(await buy(rest.in('ru'))).toMatchObject({
      status: 422,
      code: 20526,
      message: expect.stringMatching(/адрес доставки/),
    });
    await rest.post('/v1/addresses', { body: address });
    expect(await rest.get('/v1/addresses')).toMatchObject({ items: [{ phone: '+8613800138000', is_default: true }] });
    expect(await buy()).toMatchObject({ status: 201, code: 0 });
    expect(await buy(rest.in('zh'))).toMatchObject({
      status: 409,
      code: 20523,
      message: expect.stringMatching(/上限/),
    });
    const dear = await createItem(stage(), { points_required: 11 });
    const refused = await rest.call('POST', '/v1/points/exchange', { body: { exchange_id: dear.id } });
    expect(refused).toMatchObject({ status: 409, code: 20003, data: { balance: 10, required: 11 } });
    expect(await rest.get<Item>(`/v1/points/exchanges/${dear.id}`)).toMatchObject({ stock: 10 });
    expect(metricSum(await stage().metrics(), 'coser_shop_purchases_total')).toBeGreaterThan(0);
  });

  it('B-02, P-07: a link opens exactly its item, and helps on who cannot have it', async () => {
    const label = { zh: '海报', en: 'Poster', ru: 'Плакат' };
    const { id } = await createItem(stage(), { exchange_type: 'coupon', name: label, stock: 1 });
    const owner = await shopper('en', 30);
    await owner.chat.start(`item_${id}`);
    await owner.chat.waitForMessage(/Poster[\s\S]*Price: 30 points/);
    const { url = '' } = await owner.chat.click('📤 Send to a friend');
    const link = new URL(url).searchParams.get('url') ?? '';
    expect(link).toMatch(new RegExp(`^https://t.me/\\w+\\?start=item_${id}$`));
    await owner.chat.click(/^🛍 Exchange/);
    await owner.chat.click('✅ Yes, exchange');
    await owner.chat.waitForMessage(/is yours/);
    const newcomer = stage().emulator.member({ first_name: 'Newcomer', language_code: 'ru' });
    await newcomer.start(new URL(link).searchParams.get('start') ?? '');
    await newcomer.waitForMessage(/рады знакомству/);
    await newcomer.waitForMessage(/Плакат[\s\S]*Всё разобрали[\s\S]*Вы ещё не с нами/);
    await newcomer.click('🎟 Вступить по коду');
    await newcomer.waitForMessage(/код/);
    await newcomer.start('item_999999999');
    await newcomer.waitForMessage(/больше нет[\s\S]*Магазин за баллы/);
  });

  it('P-09: an adjustment is told to the member with its reason; a large one needs a second admin', async () => {
    const { chat, userId, rest } = await shopper('ru', 0);
    await chat.start();
    const admin = await stage().steppedUpAdmin();
    const adjust = (points: number) =>
      admin.call<Adjustment>('POST', '/v1/admin/point-adjustments', { body: { user_id: userId, points, reason } });
    await eventually(async () => expect((await adjust(52)).data).toMatchObject({ state: 'applied' }));
    await chat.waitForMessage(/начислил вам 52 балла[\s\S]*prize of the photo contest/);
    await chat.send('/points');
    await chat.waitForMessage(/52[\s\S]*корректировка администратором/);
    expect(await adjust(-53)).toMatchObject({ status: 409, code: 20003 });
    expect(await adjust(0)).toMatchObject({ status: 400, code: 20001 });
    expect(await adjust(1.5)).toMatchObject({ status: 400, code: 20001 });
    const mistyped = { user_id: 999_999_999, points: 5, reason };
    expect(await admin.call('POST', '/v1/admin/point-adjustments', { body: mistyped })).toMatchObject({
      status: 404,
      code: 20002,
    });
    const large = await adjust(5000);
    expect(large.data).toMatchObject({ state: 'pending' });
    const approval = await admin.call('POST', `/v1/admin/point-adjustments/${large.data.id}/approvals`, { body: {} });
    expect(approval).toMatchObject({ status: 403, code: 20552 });
    expect(await balanceOf({ chat, rest })).toBe(52);
    await auditEntries(admin, userId, ['points.points_adjusted.v1', 'points.adjustment_requested.v1']);
  });

  it('P-09, B-04: who moves points too fast is told to the admin in the chat, taken and closed there', async () => {
    const admin = await stage().admin();
    const { telegram_id } = await admin.get<{ telegram_id: string }>('/v1/users/me');
    const { chat: adminChat } = await stage().person({ id: Number(telegram_id), first_name: 'Admin' });
    await adminChat.start();
    const { userId } = await shopper('en', 0);
    const rule = {
      scope: 'member',
      name: `Watch ${userId}`,
      window_minutes: 60,
      points_at_most: 500,
      direction: 'earned',
    };
    const { id } = await admin.post<{ id: number }>('/v1/admin/velocity-rules', { body: rule });
    const give = () => givePoints(admin, userId, 300, 'twice by mistake');
    await give();
    await give();
    // A purchase that was refused has left a gap in the records' numbers, for which the watcher waits a minute. The last test of the
    // file, for clocks do not go back.
    await stage().clockOffset(61_000);
    await adminChat.waitForMessage(new RegExp(`Watch ${userId}[\\s\\S]*#${userId}[\\s\\S]*600`));
    const path = `/v1/admin/velocity-alarms?rule_id=${id}`;
    const { items } = await admin.get<{ items: { id: number; user_id: number }[] }>(path);
    expect(items).toMatchObject([{ user_id: userId, state: 'open', points: 600, records: 2 }]);
    await takeAndCloseAlarm(adminChat, { rule: `Watch ${userId}`, userId, note: 'one prize is taken back' });
    const closed = { id: items[0]?.id, state: 'resolved', note: 'one prize is taken back' };
    expect((await admin.get<{ items: object[] }>(path)).items).toMatchObject([closed]);
    const again = { body: { note: 'taken back' } };
    expect(await admin.call('POST', `/v1/admin/velocity-alarms/${items[0]?.id}/resolutions`, again)).toMatchObject({
      status: 409,
    });
    await admin.call('PATCH', `/v1/admin/velocity-rules/${id}`, { body: { enabled: false } });
    await auditEntries(admin, userId, ['points.velocity_alarm_raised.v1', 'points.velocity_alarm_handled.v1']);
  });
});
