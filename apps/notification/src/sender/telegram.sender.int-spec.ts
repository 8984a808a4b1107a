import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { CheckedIn, ErasureStarted, UserChanged, UserCreated } from '#contracts';
import { sqlTime } from '#database';
import { eventually } from '#testing';
import { onEachDatabase } from '#testing/engines';
import { NotificationPlace } from '../notification.fixture.js';

const hourMs = 3_600_000;
const facts = {
  check_in_id: 1,
  day: '2026-03-01',
  points: 10,
  bonuses: [],
  streak_days: 1,
  total_days: 1,
  balance: 10,
};

onEachDatabase('sending by Telegram', ({ place }) => {
  const notification = new NotificationPlace(place);

  beforeAll(() => notification.start());
  afterAll(() => notification.stop());

  async function checkIn(userId: number): Promise<void> {
    await notification.publish(CheckedIn, { ...facts, user_id: userId, channel: 'rest' });
  }

  async function only(userId: number) {
    const rows = await notification.deliveries(userId);
    expect(rows).toHaveLength(1);
    return rows[0];
  }

  it('loses nothing and spends no attempt when one chat must be silent for hours', async () => {
    const slow = await notification.meet('Slow');
    const other = await notification.meet('Other');
    notification.emulator.injectFault({ kind: 'rate_limited', retryAfter: 12_966, chatId: slow.member.id });
    await checkIn(slow.userId);
    await eventually(async () =>
      expect(await only(slow.userId)).toMatchObject({
        status: 'pending',
        attempts: 0,
        last_error: expect.stringContaining('429') as string,
      }),
    );
    await checkIn(other.userId);
    await eventually(() => expect(notification.textsTo(other.member)).toHaveLength(1));
    expect(notification.textsTo(slow.member)).toEqual([]);
    notification.pass(4 * hourMs);
    await eventually(() => expect(notification.textsTo(slow.member)).toHaveLength(1));
    await eventually(async () => expect(await only(slow.userId)).toMatchObject({ status: 'sent', attempts: 1 }));
  });

  it('U-01: follows a group that is a customer when it becomes a supergroup, and loses no message on the way', async () => {
    const group = notification.emulator.group({ title: 'Club' });
    const supergroup = notification.emulator.group({ title: 'Club', type: 'supergroup' });
    const userId = 4_000;
    await notification.publish(UserCreated, {
      user_id: userId,
      telegram_id: String(group.id),
      kind: 'group',
      first_name: 'Club',
      locale: 'en',
    });
    notification.emulator.injectFault({ kind: 'migrated', migrateToChatId: supergroup.id, chatId: group.id });
    await checkIn(userId);
    await eventually(() => expect(supergroup.messages()).toHaveLength(1), { timeoutMs: 15_000 });
    await eventually(async () => expect(await only(userId)).toMatchObject({ status: 'sent', attempts: 1 }));
    await notification.publish(CheckedIn, { ...facts, user_id: userId, channel: 'rest' });
    await eventually(() => expect(supergroup.messages()).toHaveLength(2), { timeoutMs: 15_000 });
  });

  it('keeps to the pace that Telegram allows', async () => {
    const crowd = await Promise.all(Array.from({ length: 40 }, (_, index) => notification.meet(`M${index}`)));
    notification.emulator.clearCalls();
    for (const { userId } of crowd) await checkIn(userId);
    await eventually(() => crowd.forEach(({ member }) => expect(notification.textsTo(member)).toHaveLength(1)), {
      timeoutMs: 20_000,
    });
    expect(notification.emulator.violations()).toEqual([]);
  });

  it('lets nobody wait behind a chat that has much to come', async () => {
    const busy = await notification.meet('Busy');
    const other = await notification.meet('Quick');
    for (let count = 0; count < 60; count += 1) await checkIn(busy.userId);
    await checkIn(other.userId);
    await eventually(() => expect(notification.textsTo(other.member)).toHaveLength(1));
    expect(notification.textsTo(busy.member).length).toBeLessThan(60);
    const rows = await notification.deliveries(busy.userId);
    expect(rows.filter(({ status, attempts }) => status !== 'sent' && attempts > 0)).toEqual([]);
    expect(notification.emulator.violations()).toEqual([]);
  });

  it('remembers who has blocked the bot, and forgets it at a sign of life', async () => {
    const { userId, member } = await notification.meet('Blocked');
    member.block();
    await checkIn(userId);
    await eventually(async () => expect(await only(userId)).toMatchObject({ status: 'failed', attempts: 1 }));
    await eventually(() =>
      expect(notification.settled.find(({ user_id }) => user_id === userId)).toMatchObject({
        outcome: 'failed',
        error: expect.stringContaining('blocked by the user') as string,
      }),
    );
    // Only this chat's: what other tests have caused may still be on its way.
    const tries = (): number =>
      notification.emulator.calls('sendMessage').filter(({ parameters }) => Number(parameters['chat_id']) === member.id)
        .length;
    const triesSoFar = tries();
    await checkIn(userId);
    await eventually(async () =>
      expect((await notification.deliveries(userId))[1]).toMatchObject({ status: 'failed', last_error: 'blocked' }),
    );
    expect(tries()).toBe(triesSoFar);
    member.unblock();
    const actor = { kind: 'user', user_id: userId, role: 'member' } as const;
    await notification.publish(
      UserChanged,
      { user_id: userId, first_name: 'Back', locale: 'en', role: 'member' },
      { channel: 'bot', actor },
    );
    await checkIn(userId);
    await eventually(() => expect(notification.textsTo(member)).toHaveLength(1));
  });

  it('tries again after an answer that was lost or an error of the server', async () => {
    const { userId, member } = await notification.meet('Patient');
    notification.emulator.injectFault({ kind: 'server_error', chatId: member.id });
    notification.emulator.injectFault({ kind: 'disconnect', chatId: member.id });
    await checkIn(userId);
    // At least so many: the first pause is so short that a busy machine may have tried again meanwhile.
    const tried = (times: number) =>
      eventually(async () => expect((await only(userId))?.attempts).toBeGreaterThanOrEqual(times));
    await tried(1);
    notification.pass(3_000);
    await tried(2);
    notification.pass(60_000);
    await eventually(async () => expect(await only(userId)).toMatchObject({ status: 'sent', attempts: 3 }));
    expect(notification.textsTo(member)).toHaveLength(1);
  });

  it('sends again what a process that died had claimed', async () => {
    const { userId, member } = await notification.meet('Survivor');
    const past = sqlTime(new Date(Date.now() - 60_000));
    const future = sqlTime(new Date(Date.now() + 24 * hourMs));
    await notification.database.transaction((tx) =>
      tx.insert('deliveries', {
        dedupe_key: randomUUID(),
        user_id: userId,
        channel: 'telegram',
        template: 'check_in_receipt',
        params: JSON.stringify({ points: 10, streak_days: 1, balance: 10 }),
        lane: 2,
        status: 'sending',
        attempts: 0,
        request_id: 'test',
        due_at: past,
        expires_at: future,
        claimed_by: randomUUID(),
        claimed_until: past,
        created_at: past,
      }),
    );
    await eventually(() => expect(notification.textsTo(member)).toHaveLength(1));
    await eventually(async () => expect(await only(userId)).toMatchObject({ status: 'sent', attempts: 1 }));
  });

  it('gives up what nobody wants to hear any more', async () => {
    const { userId, member } = await notification.meet('Late');
    const longAgo = { occurredAt: new Date(Date.now() - 90 * 24 * hourMs) };
    await notification.publish(CheckedIn, { ...facts, user_id: userId, channel: 'rest' }, longAgo);
    await eventually(async () => expect(await only(userId)).toMatchObject({ status: 'failed', last_error: 'expired' }));
    expect(notification.textsTo(member)).toEqual([]);
  });

  it('U-15: forgets with an erased member how long Telegram wanted silence in their chat, and any silence that is over', async () => {
    const { userId, member } = await notification.meet('Leaving');
    const chats = async () =>
      (await notification.database.reader.query<{ chat_id: string }>('SELECT chat_id FROM telegram_chats')).map(
        ({ chat_id }) => chat_id,
      );
    notification.emulator.injectFault({ kind: 'rate_limited', retryAfter: 600, chatId: member.id });
    await checkIn(userId);
    await eventually(async () => expect(await chats()).toContain(String(member.id)));
    await notification.publish(ErasureStarted, { user_id: userId });
    expect(await chats()).not.toContain(String(member.id));
    notification.pass(5 * hourMs);
    await notification.restart();
    await eventually(async () => expect((await chats()).filter((id) => !id.startsWith('-'))).toEqual([]));
  });
});
