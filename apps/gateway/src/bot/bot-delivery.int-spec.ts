import { afterEach, describe, expect, it } from 'vitest';
import { CheckIn } from '#contracts';
import { eventually } from '#testing';
import { BotWorld, webhookSecret } from './bot-world.fixture.js';

const checkInOf = (updateId: number, from: object, chatId: number): object => ({
  update_id: updateId,
  message: {
    message_id: 5,
    date: 1_900_000_000,
    from,
    chat: { id: chatId, type: 'private', first_name: 'Anna' },
    text: '/checkin',
    entities: [{ type: 'bot_command', offset: 0, length: 8 }],
  },
});

describe('updates by webhook', () => {
  let world: BotWorld;
  afterEach(() => world.stop());

  it('are handled as those of a poll, and confirmed', async () => {
    world = await BotWorld.start({ webhook: true });
    const anna = world.emulator.member({ first_name: 'Anna', language_code: 'en' });
    await anna.start('inv_COSPLAY7');
    await anna.waitForMessage(/Welcome aboard/);
    await eventually(() => expect(world.emulator.webhookInfo().pending_update_count).toBe(0));
    expect(world.emulator.webhookInfo().allowed_updates).toContain('chat_member');
  });

  it('are refused without the right secret', async () => {
    world = await BotWorld.start({ webhook: true });
    const anna = world.emulator.member({ first_name: 'Anna', language_code: 'en' });
    await anna.start();
    await anna.waitForMessage(/nice to meet you/);
    const update = checkInOf(1, anna.user, anna.id);
    for (const secret of ['', 'wrong', `${webhookSecret}x`, webhookSecret.toUpperCase()]) {
      const response = await world.deliver(update, secret);
      expect(response.status).toBe(401);
      expect(await response.json()).toMatchObject({ code: 20017, data: null });
    }
    expect((await world.deliver({ no: 'update' })).status).toBe(400);
    expect(world.platform.timesHandled(CheckIn)).toBe(0);
  });

  it('are refused when the bot polls', async () => {
    world = await BotWorld.start();
    expect((await world.deliver({ update_id: 1 })).status).toBe(401);
  });

  it('are confirmed when they mean nothing to us', async () => {
    world = await BotWorld.start({ webhook: true });
    for (const update of [
      { update_id: 1 },
      { update_id: 2, message: null },
      { update_id: 3, poll: { id: '1' } },
      { update_id: 4, message: 'x' },
    ]) {
      const response = await world.deliver(update);
      expect([update, response.status]).toEqual([update, 200]);
    }
  });

  it('have one effect and one answer, however often they come', async () => {
    world = await BotWorld.start({ webhook: true });
    const anna = world.emulator.member({ first_name: 'Anna', language_code: 'en' });
    await anna.start();
    await anna.waitForMessage(/nice to meet you/);
    const update = checkInOf(77, anna.user, anna.id);
    const responses = await Promise.all([1, 2, 3, 4].map(() => world.deliver(update)));
    expect(responses.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    expect(world.platform.timesHandled(CheckIn)).toBe(1);
    const answers = world.answersIn(anna.chat());
    expect(answers.filter((text) => text.includes('Checked in'))).toHaveLength(1);
  });

  it('of old and foreign buttons are answered', async () => {
    world = await BotWorld.start({ webhook: true });
    const anna = world.emulator.member({ first_name: 'Anna', language_code: 'en' });
    await anna.start();
    const greeting = await anna.waitForMessage(/nice to meet you/);
    const outdated = [
      '0:menu',
      'points_page:1',
      '1:points_page:0',
      '1:language:de',
      '1:register_with:a:b',
      'x'.repeat(64),
    ];
    for (const [index, data] of outdated.entries()) {
      const message = { message_id: greeting.message_id, date: 1, chat: { id: anna.id, type: 'private' }, text: 'old' };
      const press = { id: `press-${index}`, from: anna.user, chat_instance: '1', data, message };
      expect((await world.deliver({ update_id: 900 + index, callback_query: press })).status).toBe(200);
      expect(anna.lastMessage().text).toMatch(/from an older message/);
    }
    expect(world.emulator.calls('answerCallbackQuery')).toHaveLength(outdated.length);
  });

  it('have one effect even when everything they left in the cache is lost', async () => {
    world = await BotWorld.start({ webhook: true });
    const anna = world.emulator.member({ first_name: 'Anna', language_code: 'en' });
    await anna.start();
    await anna.waitForMessage(/nice to meet you/);
    await world.deliver(checkInOf(78, anna.user, anna.id));
    await world.forgetCache();
    expect((await world.deliver(checkInOf(78, anna.user, anna.id))).status).toBe(200);
    expect(world.platform.timesHandled(CheckIn)).toBe(1);
    expect(world.platform.member(anna.id).balance).toBe(10);
  });
});

describe('updates by long polling', () => {
  let world: BotWorld;
  afterEach(() => world.stop());

  it('go to one replica, and to another when that one stops; none is lost or answered twice', async () => {
    world = await BotWorld.start();
    const second = await world.startGateway();
    const anna = world.emulator.member({ first_name: 'Anna', language_code: 'en' });
    await anna.send('/checkin');
    await anna.waitForMessage(/Checked in/);
    const [first] = world.replicas;
    expect(first).not.toBe(second);
    if (first) await world.stopGateway(first);
    await anna.send('/points');
    await anna.waitForMessage(/You have 10 points/, 20_000);
    expect(world.platform.timesHandled(CheckIn)).toBe(1);
    const answers = world.answersIn(anna.chat());
    expect(answers.filter((text) => text.includes('Checked in'))).toHaveLength(1);
    expect(world.emulator.calls('getUpdates').filter(({ errorCode }) => errorCode === 409)).toEqual([]);
  });

  it('keep coming after Telegram was away or refused', async () => {
    world = await BotWorld.start();
    const anna = world.emulator.member({ first_name: 'Anna', language_code: 'en' });
    world.emulator.injectFault({ kind: 'failure', errorCode: 409, description: 'Conflict', method: 'getUpdates' });
    world.emulator.injectFault({ kind: 'server_error', method: 'getUpdates' });
    await anna.send('/checkin');
    await anna.waitForMessage(/Checked in/, 20_000);
  });

  it('take over from a webhook without losing what waits', async () => {
    world = await BotWorld.start({ environment: {} });
    const anna = world.emulator.member({ first_name: 'Anna', language_code: 'en' });
    const [first] = world.replicas;
    if (first) await world.stopGateway(first);
    await fetch(`${world.emulator.url}/bot4242:emulated-bot/setWebhook?url=http://127.0.0.1:9/none`);
    await anna.send('/checkin');
    await world.startGateway();
    await anna.waitForMessage(/Checked in/);
    expect(world.emulator.webhookInfo().url).toBe('');
  });

  it('are asked for in the languages of the members: commands and descriptions, written once', async () => {
    world = await BotWorld.start();
    const list = async (language_code: string): Promise<string[]> => {
      const scope = encodeURIComponent(JSON.stringify({ type: 'all_private_chats' }));
      const url = `${world.emulator.url}/bot4242:emulated-bot/getMyCommands?scope=${scope}&language_code=${language_code}`;
      const { result } = (await (await fetch(url)).json()) as { result: { description: string }[] };
      return result.map(({ description }) => description);
    };
    await eventually(async () => expect(await list('ru')).toContain('Отметиться сегодня'));
    await eventually(async () => expect(await list('zh')).toContain('今日签到'));
    await eventually(() => expect(world.emulator.calls('getMyShortDescription')).toHaveLength(4));
    await eventually(() => expect(world.emulator.calls('setMyShortDescription')).toHaveLength(3));
    world.emulator.clearCalls();
    await world.forgetCache();
    await eventually(() => expect(world.emulator.calls('getMyShortDescription')).toHaveLength(4));
    expect(world.emulator.calls().filter(({ method }) => method.startsWith('setMy'))).toEqual([]);
  });

  it('wait while Telegram is away: the gateway starts without it', async () => {
    world = await BotWorld.start({ environment: { TELEGRAM_API_ROOT: 'http://127.0.0.1:9' } });
    expect((await fetch(`${world.gatewayUrl}/health/live`)).status).toBe(200);
  });

  it('do not come without a token', async () => {
    world = await BotWorld.start({ environment: { TELEGRAM_BOT_TOKEN: '' } });
    expect((await fetch(`${world.gatewayUrl}/health/live`)).status).toBe(200);
    expect((await world.deliver({ update_id: 1 })).status).toBe(401);
    expect(world.emulator.calls()).toEqual([]);
  });
});
