import { request } from 'node:http';
import { readFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { eventually } from '../eventually.js';
import type { BotEmulator } from './bot.emulator.js';
import { launchPolling, startEmulator, telegrafFor } from './bot.fixture.js';
import type { EmulatedMail } from './emulator.options.js';

let emulator: BotEmulator;
let mails: EmulatedMail[];

beforeEach(async () => {
  mails = [];
  emulator = await startEmulator({
    mail: {
      mailbox: 'verify@coser.example',
      send: async (mail) => {
        mails.push(mail);
      },
      outbox: async () => [{ to: 'a@b.example', subject: 's', text: 't', at: '2026-01-01T00:00:00.000Z' }],
    },
  });
});
afterEach(() => emulator.stop());

interface PageAnswer {
  id?: number;
  error?: string;
  answer?: object;
  commands?: object[];
  messages?: Array<{ message_id: number }>;
  [field: string]: unknown;
}

async function call(
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<{ status: number; body: PageAnswer }> {
  const init = {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  };
  const response = await fetch(`${emulator.url}/_emulator/${path}`, body === undefined ? { headers } : init);
  return { status: response.status, body: (await response.json()) as PageAnswer };
}

describe('the chat page', () => {
  it.each([
    ['', 'text/html'],
    ['app.js', 'javascript'],
    ['chat.css', 'text/css'],
  ])('serves /%s under a strict policy', async (path, type) => {
    const response = await fetch(`${emulator.url}/${path}`);
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toContain(type);
    expect(response.headers.get('content-security-policy')).toContain("script-src 'self'");
  });

  it.each(['zh', 'en', 'ru'])('has every sentence it uses in %s', async (language) => {
    const { body } = await call(`locales/${language}`);
    const page = new URL('./page/', import.meta.url);
    const files = [
      'index.html',
      'app.js',
      'chat.view.js',
      'message.view.js',
      'member.list.js',
      'mail.panel.js',
      'texts.js',
    ];
    const sources = await Promise.all(files.map((file) => readFile(new URL(file, page), 'utf8')));
    const used = sources.join('\n').matchAll(/(?:data-(?:text|label|title|placeholder)="|\btext\(')(\w+)/g);
    const keys = new Set([...used].map((match) => match[1]));
    expect([...keys].filter((key) => body[key ?? ''] === undefined)).toEqual([]);
    expect(keys.size).toBeGreaterThan(30);
  });

  it('adds a member, starts, presses a button, shares the contact, blocks', async () => {
    const bot = telegrafFor(emulator);
    bot.start((context) =>
      context.reply('hi', { reply_markup: { inline_keyboard: [[{ text: 'Go', callback_data: 'go' }]] } }),
    );
    bot.action('go', (context) => context.answerCbQuery('gone'));
    bot.on('my_chat_member', () => undefined);
    await bot.telegram.setMyCommands([{ command: 'menu', description: 'Меню' }], { language_code: 'ru' });
    const stop = launchPolling(bot);
    const { body: created } = await call('members', { first_name: '<b>Mila', language_code: 'ru' });
    await call(`members/${created.id}/start`, { payload: 'COSPLAY7' });
    const chat = async (): Promise<PageAnswer> => (await call(`members/${created.id}/chats/${created.id}`)).body;
    const greeting = await eventually(async () => {
      const view = await chat();
      expect(view.messages).toHaveLength(2);
      return view.messages?.[1];
    });
    const press = { message_id: greeting?.message_id, data: 'go' };
    expect((await call(`members/${created.id}/chats/${created.id}/clicks`, press)).body.answer).toEqual({
      text: 'gone',
    });
    expect((await chat()).commands).toEqual([{ command: 'menu', description: 'Меню' }]);
    await call(`members/${created.id}/contact`, { phone_number: '+79991234567' });
    await call(`members/${created.id}/block`, { blocked: true });
    expect((await call('overview')).body['members']).toMatchObject([
      { first_name: '<b>Mila', blocked: true, last: { preview: '+79991234567' } },
    ]);
    stop();
  });

  it('passes mails on and lists the outbox', async () => {
    const mail = { from: 'mila@example.org', subject: 'CODE', text: '' };
    expect((await call('mails', mail)).status).toBe(202);
    expect(mails).toEqual([mail]);
    expect((await call('mails')).body).toMatchObject({
      mailbox: 'verify@coser.example',
      mails: [{ to: 'a@b.example' }],
    });
  });

  it.each([
    ['members', { first_name: '' }, 400],
    ['members', { first_name: 'x', language_code: 'ru', extra: 1 }, 400],
    ['members/999/start', {}, 404],
    ['members/none/start', {}, 400],
    ['mails', { from: 'x' }, 400],
  ])('refuses %s %j', async (path, body, status) => {
    const answer = await call(path, body);
    expect(answer.status).toBe(status);
    expect(answer.body.error).toEqual(expect.any(String));
    expect(JSON.stringify(answer.body)).not.toContain('.ts:');
  });

  it('does not let other sites or rebound names drive the bot', async () => {
    expect(
      (await call('members', { first_name: 'x', language_code: 'ru' }, { 'sec-fetch-site': 'cross-site' })).status,
    ).toBe(403);
    const { port } = new URL(emulator.url);
    const status = await new Promise((resolve, reject) => {
      const options = { port, host: '127.0.0.1', path: '/_emulator/overview', headers: { host: 'evil.example' } };
      request(options, (response) => resolve(response.resume().statusCode))
        .on('error', reject)
        .end();
    });
    expect(status).toBe(403);
  });

  it('tells changes as they happen', async () => {
    const hangUp = new AbortController();
    const response = await fetch(`${emulator.url}/_emulator/events`, { signal: hangUp.signal });
    expect(response.headers.get('content-type')).toContain('text/event-stream');
    const mila = emulator.member({ first_name: 'Mila' });
    let text = '';
    for await (const chunk of response.body!) {
      text += Buffer.from(chunk).toString();
      if (text.includes('data:')) {
        break;
      }
    }
    expect(text).toContain(String(mila.id));
    hangUp.abort();
  });
});
