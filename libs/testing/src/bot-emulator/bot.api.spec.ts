import { createHmac } from 'node:crypto';
import { TelegramError, type Telegram } from 'telegraf';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { BotEmulator } from './bot.emulator.js';
import { startEmulator, telegrafFor, testToken } from './bot.fixture.js';
import type { EmulatedMember } from './member.driver.js';

let emulator: BotEmulator;
let telegram: Telegram;
let mila: EmulatedMember;
let now = Date.now();

beforeEach(async () => {
  now = Date.now();
  emulator = await startEmulator({ clock: () => now, enforceLimits: false });
  telegram = telegrafFor(emulator).telegram;
  mila = emulator.member({ first_name: 'Mila', language_code: 'ru' });
  await mila.start();
});
afterEach(() => emulator.stop());

async function refusal(call: Promise<unknown>): Promise<string> {
  const error = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  return error instanceof TelegramError ? `${error.code} ${error.description}` : String(error);
}

async function raw(path: string, init?: RequestInit): Promise<{ status: number; body: unknown }> {
  const response = await fetch(`${emulator.url}/${path}`, init);
  return { status: response.status, body: await response.json() };
}

describe('the door', () => {
  it('knows its own token only', async () => {
    expect(await raw('bot1:wrong/getMe')).toEqual({
      status: 401,
      body: { ok: false, error_code: 401, description: 'Unauthorized' },
    });
    expect(await telegram.getMe()).toMatchObject({ id: 4242, is_bot: true, username: 'coser_bot' });
  });

  it('answers unknown methods and paths with 404', async () => {
    const expected = { status: 404, body: { ok: false, error_code: 404, description: 'Not Found' } };
    expect(await raw(`bot${testToken}/doMagic`)).toEqual(expected);
    expect(await raw('nothing')).toEqual(expected);
  });

  it.each([
    ['query', (fields: Record<string, string>) => raw(`bot${testToken}/sendMessage?${new URLSearchParams(fields)}`)],
    [
      'form',
      (fields: Record<string, string>) =>
        raw(`bot${testToken}/sendMessage`, { method: 'POST', body: new URLSearchParams(fields) }),
    ],
    [
      'multipart',
      (fields: Record<string, string>) => {
        const body = new FormData();
        Object.entries(fields).forEach(([name, value]) => body.append(name, value));
        return raw(`bot${testToken}/SENDMESSAGE`, { method: 'POST', body });
      },
    ],
  ])('reads parameters from a %s', async (_kind, call) => {
    const keyboard = JSON.stringify({ inline_keyboard: [[{ text: 'a', callback_data: 'b' }]] });
    const { body } = await call({ chat_id: String(mila.id), text: 'привет', reply_markup: keyboard });
    expect(body).toMatchObject({
      ok: true,
      result: { text: 'привет', reply_markup: { inline_keyboard: [[{ text: 'a' }]] } },
    });
  });

  it('refuses bad JSON with 400 and a body above 1 MB with 413', async () => {
    const headers = { 'content-type': 'application/json' };
    const path = `bot${testToken}/sendMessage`;
    expect((await raw(path, { method: 'POST', headers, body: '{' })).status).toBe(400);
    expect((await raw(path, { method: 'POST', headers, body: `"${'x'.repeat(1_100_000)}"` })).status).toBe(413);
  });
});

describe('messages', () => {
  it('refuses what Telegram refuses', async () => {
    expect(await refusal(telegram.sendMessage(mila.id, ' '))).toBe('400 Bad Request: message text is empty');
    expect(await refusal(telegram.sendMessage(mila.id, 'x'.repeat(4_097)))).toBe(
      '400 Bad Request: message is too long',
    );
    expect(await refusal(telegram.sendMessage(mila.id, '<b>x', { parse_mode: 'HTML' }))).toContain(
      "400 Bad Request: can't parse entities",
    );
    expect(await refusal(telegram.sendMessage(999, 'x'))).toBe('400 Bad Request: chat not found');
    expect(await refusal(telegram.editMessageText(mila.id, 999, undefined, 'x'))).toBe(
      '400 Bad Request: message to edit not found',
    );
    expect(await refusal(telegram.editMessageText(mila.id, 1, undefined, 'x'))).toBe(
      "400 Bad Request: message can't be edited",
    );
  });

  it('refuses an edit that changes nothing, and drops the keyboard when an edit does not repeat it', async () => {
    const reply_markup = { inline_keyboard: [[{ text: 'a', callback_data: 'b' }]] };
    const sent = await telegram.sendMessage(mila.id, 'x', { reply_markup });
    expect(
      await refusal(telegram.editMessageText(mila.id, sent.message_id, undefined, 'x', { reply_markup })),
    ).toContain('not modified');
    await telegram.editMessageText(mila.id, sent.message_id, undefined, 'x');
    expect(mila.lastMessage().reply_markup).toBeUndefined();
    expect(await refusal(telegram.editMessageReplyMarkup(mila.id, sent.message_id, undefined, undefined))).toContain(
      'not modified',
    );
  });

  it('deletes messages for two days', async () => {
    const sent = await telegram.sendMessage(mila.id, 'x');
    const later = await telegram.sendMessage(mila.id, 'y');
    await telegram.deleteMessage(mila.id, sent.message_id);
    expect(mila.chat().map(({ text }) => text)).toEqual(['/start', 'y']);
    now += 49 * 3_600_000;
    expect(await refusal(telegram.deleteMessage(mila.id, later.message_id))).toBe(
      "400 Bad Request: message can't be deleted",
    );
  });

  it('stores the names of photos and documents', async () => {
    await telegram.sendDocument(
      mila.id,
      { source: Buffer.from('a;b'), filename: 'points.csv' },
      { caption: '<b>x</b>', parse_mode: 'HTML' },
    );
    expect(mila.lastMessage()).toMatchObject({ caption: 'x', document: { file_name: 'points.csv', file_size: 3 } });
    await telegram.sendPhoto(mila.id, 'https://example.org/a.jpg');
    expect(mila.lastMessage().photo).toMatchObject([{ file_id: 'https://example.org/a.jpg' }]);
  });

  it('does not reach members who blocked it, never started it, or are gone', async () => {
    const wei = emulator.member({ first_name: 'Wei' });
    expect(await refusal(telegram.sendMessage(wei.id, 'x'))).toBe(
      "403 Forbidden: bot can't initiate conversation with a user",
    );
    mila.block();
    expect(await refusal(telegram.sendMessage(mila.id, 'x'))).toBe('403 Forbidden: bot was blocked by the user');
    mila.unblock();
    await telegram.sendMessage(mila.id, 'x');
    mila.deactivate();
    expect(await refusal(telegram.sendMessage(mila.id, 'x'))).toBe('403 Forbidden: user is deactivated');
    await expect(mila.send('/start')).resolves.toBeUndefined();
  });
});

describe('callback queries', () => {
  it('are answered once, and not when they are old', async () => {
    await telegram.sendMessage(mila.id, 'x', {
      reply_markup: { inline_keyboard: [[{ text: 'Press me', callback_data: 'data:1' }]] },
    });
    const [first, second] = [mila.click('Press me'), mila.click({ data: 'data:1' })];
    const updates = await telegram.callApi('getUpdates', { allowed_updates: ['callback_query'] });
    const ids = updates.flatMap((update) => ('callback_query' in update ? [update.callback_query.id] : []));
    await telegram.answerCbQuery(ids[0] ?? '', 'done');
    expect(await first).toEqual({ text: 'done' });
    expect(await refusal(telegram.answerCbQuery(ids[0] ?? ''))).toContain('400 Bad Request: query is too old');
    now += 61_000;
    expect(await refusal(telegram.answerCbQuery(ids[1] ?? ''))).toContain('400 Bad Request: query is too old');
    second.catch(() => undefined);
  });

  it('tells which buttons there are when the wanted one is missing', async () => {
    await telegram.sendMessage(mila.id, 'x', { reply_markup: { keyboard: [[{ text: 'Menu' }]] } });
    await expect(mila.click('Points', { timeoutMs: 30 })).rejects.toThrow('no button "Points"; there are: Menu');
    await expect(mila.waitForMessage(/points/, 30)).rejects.toThrow('the bot wrote: x');
  });
});

describe('the profile', () => {
  it('keeps commands by scope and language', async () => {
    await telegram.setMyCommands([{ command: 'menu', description: 'Меню' }], { language_code: 'ru' });
    expect(await telegram.getMyCommands({ language_code: 'ru' })).toEqual([{ command: 'menu', description: 'Меню' }]);
    expect(await telegram.getMyCommands()).toEqual([]);
    expect(await refusal(telegram.setMyCommands([{ command: 'Menu!', description: 'x' }]))).toBe(
      '400 Bad Request: BOT_COMMAND_INVALID',
    );
    await telegram.deleteMyCommands({ language_code: 'ru' });
    expect(await telegram.getMyCommands({ language_code: 'ru' })).toEqual([]);
  });

  it('keeps name, descriptions and menu button', async () => {
    await telegram.setMyName('社区', 'zh');
    await telegram.setMyDescription('d'.repeat(512));
    expect(await telegram.getMyName('zh')).toEqual({ name: '社区' });
    expect(await telegram.getMyName()).toEqual({ name: 'coser_bot' });
    expect(await refusal(telegram.setMyShortDescription('d'.repeat(121)))).toContain('400');
    await telegram.setChatMenuButton({
      menuButton: { type: 'web_app', text: 'App', web_app: { url: 'https://example.org' } },
    });
    expect(await telegram.getChatMenuButton({ chatId: mila.id })).toMatchObject({ type: 'web_app' });
  });
});

describe('faults', () => {
  it('hit the next matching call only', async () => {
    emulator.injectFault({ kind: 'rate_limited', retryAfter: 12_966, method: 'sendMessage', chatId: mila.id });
    expect(await refusal(telegram.sendMessage(mila.id, 'x'))).toBe('429 Too Many Requests: retry after 12966');
    await telegram.sendMessage(mila.id, 'x');
    emulator.injectFault({ kind: 'server_error' });
    expect(await refusal(telegram.sendMessage(mila.id, 'x'))).toContain('500');
    expect(emulator.calls('sendMessage').map(({ ok }) => ok)).toEqual([false, true, false]);
  });

  it('can lose the answer of a call that worked', async () => {
    emulator.injectFault({ kind: 'disconnect', afterEffect: true });
    expect(await refusal(telegram.sendMessage(mila.id, 'arrived'))).toMatch(/socket hang up|ECONNRESET/);
    expect(mila.lastMessage().text).toBe('arrived');
  });
});

describe('initData', () => {
  it('carries a valid signature of this token', () => {
    const fields = new URLSearchParams(emulator.initData(mila.id, { authDate: 1_700_000_000 }));
    const hash = fields.get('hash');
    fields.delete('hash');
    const checked = [...fields]
      .map(([name, value]) => `${name}=${value}`)
      .sort()
      .join('\n');
    const key = createHmac('sha256', 'WebAppData').update(testToken).digest();
    expect(hash).toBe(createHmac('sha256', key).update(checked).digest('hex'));
    expect(fields.get('auth_date')).toBe('1700000000');
    expect(JSON.parse(fields.get('user') ?? '')).toMatchObject({
      id: mila.id,
      first_name: 'Mila',
      language_code: 'ru',
    });
  });
});
