import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  EmailUnbound,
  GroupBotChanged,
  InviteCodeChanged,
  TrialReset,
  UserStatusChanged,
  VelocityAlarmRaised,
} from '#contracts';
import { eventually } from '#testing';
import type { EmulatedGroup } from '#testing/bot-emulator';
import { onEachDatabase } from '#testing/engines';
import { NotificationPlace } from '../notification.fixture.js';

const hourMs = 3_600_000;
const logChatId = -10_077;

onEachDatabase('the log topic', ({ place }) => {
  const notification = new NotificationPlace(place);
  let group: EmulatedGroup;
  let topic: number;
  const reset = (userId: number, reason: string) => notification.publish(TrialReset, { user_id: userId, reason });
  const lines = (): string[] => group.messages(topic).flatMap(({ text }) => text?.split('\n') ?? []);
  const refused = (times: number) =>
    expect(notification.emulator.calls('sendMessage').filter(({ errorCode }) => errorCode === 429)).toHaveLength(times);
  const waiting = async (): Promise<number> =>
    Number(
      (
        await notification.database.reader.one<{ total: number | string | null }>(
          'SELECT SUM(repeats) AS total FROM log_lines',
        )
      )?.total ?? 0,
    );

  /** Lets time pass until it is so: lines wait for others, and groups are written to at a pace. */
  const inTime = (assertion: () => void | Promise<void>, stepMs = 500): Promise<void> =>
    eventually(async () => {
      try {
        await assertion();
      } catch (error) {
        notification.pass(stepMs);
        throw error;
      }
    });

  beforeAll(async () => {
    group = notification.emulator.group({ id: logChatId, title: 'Staff', type: 'supergroup', forum: true });
    topic = group.topic('Log');
    await notification.start({
      LOG_CHAT_ID: String(logChatId),
      LOG_TOPIC_ID: String(topic),
      LOG_LOCALE: 'en',
      COMMUNITY_TIMEZONE: 'Asia/Shanghai',
    });
  });
  afterAll(() => notification.stop());

  it('B-05: tells what happened, in order, many lines in few messages, without what is private', async () => {
    const { userId } = await notification.meet('Anna <3');
    await notification.publish(EmailUnbound, {
      user_id: userId,
      email: 'a@example.org',
      reason: 'undo_link',
    });
    // All in one go: on a busy machine single ones come so slowly that each message would carry but few of them.
    const reasons = Array.from({ length: 60 }, (_, index) => `reason ${index + 1}`);
    await notification.publishTogether(
      TrialReset,
      reasons.map((reason) => ({ user_id: userId, reason })),
    );
    await inTime(() => expect(lines().filter((line) => line.includes('trial again'))).toHaveLength(60));
    expect(lines()[0]).toMatch(/^\d\d:\d\d 🆕 Anna <3 \(#\d+\) has met the bot$/);
    expect(lines()[1]).toContain('undid the binding');
    expect(lines().join()).not.toContain('example.org');
    const order = lines().flatMap((line) => /reason (\d+)$/.exec(line)?.slice(1).map(Number) ?? []);
    expect(order).toEqual(Array.from({ length: 60 }, (_, index) => index + 1));
    expect(group.messages(topic).filter(({ text }) => text).length).toBeLessThanOrEqual(5);
    expect(notification.emulator.violations()).toEqual([]);
    await eventually(async () => expect(await waiting()).toBe(0));
  });

  it('B-05: loses nothing when Telegram wants silence for hours, also over a restart', async () => {
    notification.emulator.injectFault({ kind: 'rate_limited', retryAfter: 12_966, chatId: logChatId });
    await notification.publish(InviteCodeChanged, { invite_code_id: 41, enabled: false, max_uses: 1 });
    await inTime(() => refused(1));
    await notification.restart();
    await notification.publish(InviteCodeChanged, { invite_code_id: 42, enabled: false, max_uses: 1 });
    const { userId, member } = await notification.meet('Elsewhere');
    await notification.publish(GroupBotChanged, {
      group_id: 1,
      chat_id: '-5',
      title: 'Club',
      status: 'member',
      missing_rights: ['administrator'],
      previously_missing: [],
    });
    expect(userId).toBeGreaterThan(0);
    expect(notification.textsTo(member)).toEqual([]);
    const calls = notification.emulator.calls('sendMessage').length;
    notification.pass(3 * hourMs);
    await eventually(async () => expect(await waiting()).toBe(4));
    expect(notification.emulator.calls('sendMessage')).toHaveLength(calls);
    notification.pass(hourMs);
    await inTime(() => expect(lines().at(-1)).toContain('🚨 The bot lacks rights in “Club”: administrator'));
    expect(lines().filter((line) => /code #4[12] was changed/.test(line))).toHaveLength(2);
  });

  it('B-05: says how many when too much has happened, and never folds an alarm', async () => {
    notification.emulator.injectFault({ kind: 'rate_limited', retryAfter: 60, chatId: logChatId });
    await Promise.all(Array.from({ length: 200 }, (_, index) => reset(1, `flood ${index}`)));
    await notification.publish(GroupBotChanged, {
      group_id: 2,
      chat_id: '-6',
      title: 'Alarming',
      status: 'member',
      missing_rights: ['administrator'],
      previously_missing: [],
    });
    await inTime(() => refused(2));
    // Again and again: the service may begin to count its pause only after the clock has been moved.
    await inTime(() => expect(lines().join('\n')).toContain('Alarming'), 10_000);
    await eventually(async () => expect(await waiting()).toBe(0));
    const told = lines().filter((line) => line.includes('flood')).length;
    const counted = lines().flatMap((line) => /^Trials given again: (\d+)$/.exec(line)?.slice(1).map(Number) ?? []);
    expect(told + counted.reduce((sum, count) => sum + count, 0)).toBe(200);
    expect(counted.length).toBeGreaterThan(0);
  });

  it('B-05, P-09: an alarm about points is a line, for a member, a type of record and all together', async () => {
    const { userId } = await notification.meet('Quick');
    const alarm = { alarm_id: 1, rule_id: 1, rule_name: 'Night', points: 90, records: 4, window_minutes: 30 };
    const raise = (of: { scope: 'member' | 'type' | 'platform'; user_id?: number; record_type?: 'check_in' }) =>
      notification.publish(VelocityAlarmRaised, { ...alarm, user_id: null, record_type: null, ...of });
    await raise({ scope: 'member', user_id: userId });
    await raise({ scope: 'type', record_type: 'check_in' });
    await raise({ scope: 'platform' });
    const told = (): string[] => lines().filter((line) => line.includes('🚨 Rule “Night”'));
    await inTime(() => expect(told()).toHaveLength(3));
    const figures = '90 points in 4 records within 30 min';
    expect(told().map((line) => line.slice(6))).toEqual([
      `🚨 Rule “Night”: Quick (#${userId}), ${figures}`,
      `🚨 Rule “Night”: check-in, ${figures}`,
      `🚨 Rule “Night”: 👥 All members together, ${figures}`,
    ]);
  });

  it('B-05: what somebody typed stays one line of its own, and whole characters', async () => {
    const forged = `late\n12:00 ⭐ Points: \u202eAnna got 900000\u2028${'x'.repeat(81)}🎭🎭🎭`;
    await reset(1, forged);
    await inTime(() => expect(lines().at(-1)).toContain('late 12:00'));
    expect(lines().at(-1)).toMatch(/^\d\d:\d\d .*late 12:00 ⭐ Points: Anna got 900000 x+🎭…$/u);
    expect(lines().at(-1)).not.toMatch(/\p{Cs}/u);
  });

  it('B-05, U-15: an erased account is not reported as one that may come back', async () => {
    const { userId: user_id } = await notification.meet('Gone');
    const change = { user_id, reason: null };
    await notification.publish(UserStatusChanged, { ...change, status: 'banned', previous: 'active' });
    await notification.publish(UserStatusChanged, { ...change, status: 'erased', previous: 'banned' });
    await reset(1, 'after the erasure');
    await inTime(() => expect(lines().at(-1)).toContain('after the erasure'));
    expect(lines().filter((line) => line.includes(`(#${user_id})`))).toHaveLength(2);
  });

  it('B-05: a clock that is set back delays no line for the difference', async () => {
    await reset(1, 'before the clock');
    await inTime(() => expect(lines().at(-1)).toContain('before the clock'));
    await notification.publish(
      TrialReset,
      { user_id: 1, reason: 'of a clock ahead' },
      { occurredAt: new Date(Date.now() + 48 * hourMs) },
    );
    notification.pass(-hourMs);
    await inTime(() => expect(lines().at(-1)).toContain('of a clock ahead'));
  });

  it('B-05: goes on where the topic is gone', async () => {
    notification.emulator.injectFault({
      kind: 'failure',
      errorCode: 400,
      description: 'Bad Request: message thread not found',
      chatId: logChatId,
    });
    await reset(1, 'without a topic');
    await inTime(() =>
      expect(group.messages().at(-1)).toMatchObject({ text: expect.stringContaining('without a topic') as string }),
    );
    expect(group.messages().at(-1)?.message_thread_id).toBeUndefined();
  });

  it('B-05: follows the group when it becomes a supergroup', async () => {
    const supergroup = notification.emulator.group({ title: 'New staff' });
    notification.emulator.injectFault({
      kind: 'migrated',
      migrateToChatId: supergroup.id,
      chatId: logChatId,
    });
    await reset(1, 'after the move');
    await inTime(() => expect(supergroup.messages().at(-1)?.text ?? '').toContain('after the move'));
  });
});
