import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  ItemGiven,
  ItemTakenBack,
  OrderMoved,
  OrderPlaced,
  PointsAdjusted,
  UserChanged,
  UserStatusChanged,
  VelocityAlarmRaised,
  type Locale,
} from '#contracts';
import { sqlTime } from '#database';
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

  // Together, for each waits for the pace of its chat.
  it.concurrent.each<[Locale, number, RegExp, RegExp, RegExp]>([
    ['zh', 30, /\+30 天[\s\S]*有效期至/, /30 天会员已收回[\s\S]*有效期至/, /退款，22 积分已退回[\s\S]*永久会员/],
    ['en', 1, /\+1 day of membership[\s\S]*lasts until/, /the 1 day of membership/, /22 points came back[\s\S]*no end/],
    ['ru', 33, /\+33 дня членства/, /сняты 33 дня/, /вернулись 22 балла/],
  ])(
    'P-07: tells in %s of %i days for points, given, taken back and refused',
    async (locale, days, given, taken, no) => {
      const { userId: user_id, member } = await notification.meet('Kim', locale);
      const at = (inDays: number): string => new Date(Date.now() + inDays * 86_400_000).toISOString();
      const membership = { kind: 'formal', plan: `custom_${days}`, started_at: at(0), expires_at: at(days) } as const;
      await notification.publish(ItemGiven, {
        order_id: 7,
        user_id,
        ...membership,
        days,
        renewal: false,
        changed_at: at(0),
      });
      await member.waitForMessage(given);
      const back = { order_id: 7, user_id, days: days + 5, days_taken: days, changed_at: at(1) };
      await notification.publish(ItemTakenBack, { ...back, membership });
      await member.waitForMessage(taken);
      await notification.publish(ItemTakenBack, { ...back, membership: null });
      const ended = new Date();
      await notification.publish(
        ItemTakenBack,
        { ...back, membership: { ...membership, expires_at: ended.toISOString() }, changed_at: at(2) },
        { occurredAt: ended },
      );
      await member.waitForMessage(/已结束|has ended|закончилось/);
      // Heard late: the copy of the membership stays the latest.
      const late = { order_id: 8, user_id, ...membership, days, renewal: true, changed_at: at(1.5) };
      await notification.publish(ItemGiven, late);
      const refused = { ...moved, from: 'completed', to: 'refunded', by: 'system', tracking_number: null } as const;
      await notification.publish(OrderMoved, {
        ...refused,
        user_id,
        points_refunded: 22,
        refusal: 'already_permanent',
      });
      await member.waitForMessage(no);
      expect(await templates(user_id)).toEqual([
        'membership_days_given',
        'membership_days_taken',
        'membership_days_taken',
        'membership_days_given',
        'order_news',
      ]);
      const [contact] = await notification.database.reader.query<{ membership_expires_at: string }>(
        'SELECT membership_expires_at FROM contacts WHERE user_id = ?',
        [user_id],
      );
      expect(contact?.membership_expires_at).toBe(sqlTime(ended));
    },
  );

  it('P-09: tells every admin of an alarm, in their language, once, and nobody else', async () => {
    const admins = [
      { ...(await notification.meet('Ада', 'ru')), locale: 'ru', role: 'admin' },
      { ...(await notification.meet('Bea')), locale: 'en', role: 'super_admin' },
      { ...(await notification.meet('小雪', 'zh')), locale: 'zh', role: 'member' },
    ] as const;
    const former = await notification.meet('Was');
    const becomes = (user_id: number, first_name: string, locale: 'zh' | 'en' | 'ru', role: 'admin' | 'member') =>
      notification.publish(UserChanged, { user_id, first_name, locale, role });
    await becomes(former.userId, 'Was', 'en', 'admin');
    await becomes(former.userId, 'Was', 'en', 'member');
    for (const { userId, locale, role } of admins)
      await notification.publish(UserChanged, { user_id: userId, first_name: 'Name', locale, role });
    const alarm = { alarm_id: 5, rule_id: 1, rule_name: 'Too <many>', points: 22, records: 3, window_minutes: 60 };
    const ofMember = { ...alarm, scope: 'member', user_id: 77, record_type: null } as const;
    const id = await notification.publish(VelocityAlarmRaised, ofMember);
    await notification.publish(VelocityAlarmRaised, ofMember, { id });
    await admins[0].member.waitForMessage(/«Too <many>»[\s\S]*Участник #77[\s\S]*22 балла[\s\S]*3 записи[\s\S]*№ 5/);
    await admins[1].member.waitForMessage(/“Too <many>”[\s\S]*Member #77[\s\S]*22 points[\s\S]*within 60 minutes/);
    const ofType = { ...alarm, alarm_id: 6, scope: 'type', user_id: null, record_type: 'check_in' } as const;
    await notification.publish(VelocityAlarmRaised, ofType);
    await admins[1].member.waitForMessage(/All records of the type “check-in”[\s\S]*No\. 6/);
    await notification.publish(VelocityAlarmRaised, { ...ofType, scope: 'platform', record_type: null });
    await admins[1].member.waitForMessage(/All members together/);
    expect(await templates(admins[1].userId)).toEqual(Array.from({ length: 3 }, () => 'velocity_alarm'));
    expect([...(await templates(admins[2].userId)), ...(await templates(former.userId))]).toEqual([]);
  });

  it('P-09, U-01: tells no admin of an alarm who is banned, about to go or gone', async () => {
    const alarm = { alarm_id: 7, rule_id: 1, rule_name: 'Night', points: 22, records: 3, window_minutes: 60 };
    const told: number[] = [];
    for (const status of ['active', 'banned', 'deletion_pending', 'erased'] as const) {
      const { userId: user_id } = await notification.meet('Name');
      await notification.publish(UserChanged, { user_id, first_name: 'Name', locale: 'en', role: 'admin' });
      if (status !== 'active')
        await notification.publish(UserStatusChanged, { user_id, status, previous: 'active', reason: null });
      told.push(user_id);
    }
    await notification.publish(VelocityAlarmRaised, { ...alarm, scope: 'platform', user_id: null, record_type: null });
    const alarms = await Promise.all(
      told.map(async (id) => (await templates(id)).filter((name) => name === 'velocity_alarm').length),
    );
    expect(alarms).toEqual([1, 0, 0, 0]);
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
