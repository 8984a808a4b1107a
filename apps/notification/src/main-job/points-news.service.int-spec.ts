import { afterAll, beforeAll, expect, it } from 'vitest';
import { OrderMoved, OrderPlaced, PointsAdjusted } from '#contracts';
import { onEachDatabase } from '#testing/engines';
import { NotificationPlace } from '../notification.fixture.js';

const facts = {
  order_id: 7,
  exchange_id: 1,
  reward_type: 'product',
  name: { zh: '徽章', en: 'Badge <b>', ru: 'Значок' },
} as const;
const moved = {
  ...facts,
  from: 'processing',
  to: 'shipped',
  by: 'admin',
  points_refunded: 0,
  tracking_carrier: null,
  tracking_number: 'RA1',
  note: null,
  channel: 'rest',
} as const;
const placed = { ...facts, quantity: 1, points_cost: 21, status: 'paid', balance: 3 } as const;

onEachDatabase('news of points', ({ place }) => {
  const notification = new NotificationPlace(place);
  beforeAll(() => notification.start());
  afterAll(() => notification.stop());
  const templates = async (userId: number) => (await notification.deliveries(userId)).map(({ template }) => template);

  it('P-07: tells each step of an order, in the language of the member', async () => {
    const { userId, member } = await notification.meet('Рин', 'ru');
    await notification.publish(OrderPlaced, { ...placed, user_id: userId, channel: 'rest' });
    await member.waitForMessage(/Вы обменяли 21 балл на Значок\. Заказ #7/);
    await notification.publish(OrderMoved, { ...moved, user_id: userId });
    await member.waitForMessage(/Заказ #7, Значок: уже в пути[\s\S]*RA1/);
    const back = { ...moved, user_id: userId, to: 'cancelled', points_refunded: 22, note: 'закончилось' } as const;
    await notification.publish(OrderMoved, back);
    await member.waitForMessage(/вернулись 22 балла[\s\S]*закончилось/);
  });

  it('P-07: shows names as they are, and is silent about what was done in the chat', async () => {
    const { userId, member } = await notification.meet('Bo');
    await notification.publish(OrderPlaced, { ...placed, user_id: userId, channel: 'bot' });
    await notification.publish(OrderMoved, { ...moved, user_id: userId, by: 'member', channel: 'bot' });
    expect(await templates(userId)).toEqual([]);
    await notification.publish(OrderMoved, { ...moved, user_id: userId, channel: 'bot' });
    await member.waitForMessage(/Badge <b>: it is on its way/);
  });

  it('P-09: tells that points were given or taken, and why', async () => {
    const { userId, member } = await notification.meet('小雨', 'zh');
    const adjusted = { adjustment_id: 1, user_id: userId, requested_by: 900, approved_by: null, balance: 40 };
    await notification.publish(PointsAdjusted, { ...adjusted, points: 50, reason: '活动奖励' });
    await member.waitForMessage(/增加了 50 积分[\s\S]*活动奖励[\s\S]*40 积分/);
    await notification.publish(PointsAdjusted, { ...adjusted, points: -10, reason: '重复发放' });
    await member.waitForMessage(/扣除了 10 积分/);
  });
});
