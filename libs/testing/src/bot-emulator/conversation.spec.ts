import { Markup, type Telegraf } from 'telegraf';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { eventually } from '../eventually.js';
import type { BotEmulator } from './bot.emulator.js';
import { launchPolling, startEmulator, startWebhook, telegrafFor, type WebhookBot } from './bot.fixture.js';

function behave(bot: Telegraf): void {
  bot.start((context) => context.reply(`hello ${context.from.first_name} (${context.payload})`));
  bot.command('menu', (context) =>
    context.replyWithHTML('<b>Menu</b>', Markup.inlineKeyboard([Markup.button.callback('Check in', 'check:in')])),
  );
  bot.action('check:in', async (context) => {
    await context.editMessageText('checked in');
    await context.answerCbQuery('+10', { show_alert: true });
  });
  bot.command('phone', (context) =>
    context.reply('your phone?', Markup.keyboard([Markup.button.contactRequest('Share')])),
  );
  bot.on('contact', (context) => context.reply(`got ${context.message.contact.phone_number}`, Markup.removeKeyboard()));
  bot.on('my_chat_member', () => undefined);
  bot.on('inline_query', (context) =>
    context.answerInlineQuery([
      { type: 'article', id: '1', title: context.inlineQuery.query, input_message_content: { message_text: 'x' } },
    ]),
  );
  bot.hears(/^\d+$/, (context) => context.reply(`number ${context.message.text}`));
}

describe.each(['polling', 'webhook'] as const)('a telegraf bot by %s', (transport) => {
  let emulator: BotEmulator;
  let webhook: WebhookBot | undefined;
  let stopPolling: (() => void) | undefined;

  beforeEach(async () => {
    emulator = await startEmulator({ webhookRetry: { initialMs: 5, maximumMs: 20 } });
    const bot = telegrafFor(emulator);
    behave(bot);
    if (transport === 'polling') {
      stopPolling = launchPolling(bot);
    } else {
      bot.botInfo = await bot.telegram.getMe();
      webhook = await startWebhook(bot);
      await bot.telegram.setWebhook(webhook.url, { secret_token: 'shared_secret' });
    }
  });

  afterEach(async () => {
    stopPolling?.();
    await webhook?.server.close();
    await emulator.stop();
  });

  it('greets with the deep link payload', async () => {
    const mila = emulator.member({ first_name: 'Mila', language_code: 'ru' });
    await mila.start('COSPLAY7');
    const message = await mila.waitForMessage(/hello/);
    expect(message).toMatchObject({ text: 'hello Mila (COSPLAY7)', from: { is_bot: true }, chat: { id: mila.id } });
    expect(mila.lastMessage()).toEqual(message);
  });

  it('runs the callback flow: press, edit, answer', async () => {
    const mila = emulator.member({ first_name: 'Mila' });
    await mila.send('/menu');
    const menu = await mila.waitForMessage(/Menu/);
    expect(menu.entities).toEqual([{ type: 'bold', offset: 0, length: 4 }]);
    expect(await mila.click('Check in')).toEqual({ text: '+10', show_alert: true });
    const edited = mila.chat().at(-1);
    expect(edited).toMatchObject({ message_id: menu.message_id, text: 'checked in' });
    expect(edited?.reply_markup).toBeUndefined();
  });

  it('shows and removes the reply keyboard, and shares the contact', async () => {
    const mila = emulator.member({ first_name: 'Mila' });
    await mila.send('/phone');
    await mila.click('Share');
    const answer = await mila.waitForMessage(/^got \+/);
    expect(answer.text).toContain(String(mila.id));
    expect(mila.keyboard()).toBeUndefined();
  });

  it('keeps the chats of members apart', async () => {
    const [mila, wei] = [emulator.member({ first_name: 'Mila' }), emulator.member({ first_name: 'Wei' })];
    await Promise.all([mila.send('1'), wei.send('2')]);
    expect((await mila.waitForMessage(/number/)).text).toBe('number 1');
    expect((await wei.waitForMessage(/number/)).text).toBe('number 2');
  });

  it('answers inline queries', async () => {
    const mila = emulator.member({ first_name: 'Mila' });
    expect(await mila.inlineQuery('points')).toMatchObject([{ id: '1', title: 'points' }]);
  });

  it('handles updates of one chat in order', async () => {
    const mila = emulator.member({ first_name: 'Mila' });
    for (const text of ['1', '2', '3']) {
      await mila.send(text);
    }
    // By polling, telegraf answers what came in one batch side by side, in whatever order.
    await eventually(() => {
      const answers = mila.chat().filter(({ from }) => from?.is_bot);
      expect(answers.map(({ text }) => text).toSorted()).toEqual(['number 1', 'number 2', 'number 3']);
    });
    if (webhook !== undefined) {
      expect(webhook.received).toEqual(webhook.received.toSorted());
      expect(new Set(webhook.secrets)).toEqual(new Set(['shared_secret']));
      await eventually(() => expect(emulator.webhookInfo().pending_update_count).toBe(0));
    }
  });

  if (transport === 'webhook') {
    it('delivers again after a 500, in order, and reports the error', async () => {
      webhook!.failNext = [500, 502];
      const mila = emulator.member({ first_name: 'Mila' });
      await mila.send('1');
      await mila.send('2');
      await mila.waitForMessage(/number 2/);
      const [first, second] = [webhook!.received[0], webhook!.received.at(-1)];
      expect(webhook!.received).toEqual([first, first, first, second]);
      expect(emulator.webhookInfo().last_error_message).toContain('502');
    });

    it('keeps updates while the bot is down and delivers them when it is back', async () => {
      await webhook!.server.close();
      const mila = emulator.member({ first_name: 'Mila' });
      await mila.send('7');
      await eventually(() => expect(emulator.webhookInfo().last_error_message).toContain('Connection failed'));
      expect(emulator.webhookInfo().pending_update_count).toBe(1);
      const bot = telegrafFor(emulator);
      behave(bot);
      bot.botInfo = await bot.telegram.getMe();
      const again = await startWebhook(bot);
      webhook = again;
      await bot.telegram.setWebhook(again.url);
      expect((await mila.waitForMessage(/number/)).text).toBe('number 7');
    });
  }
});
