import { request } from 'undici';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '#testing';
import {
  reportLogsOnFailure,
  startEmbeddedPlatform,
  type EmbeddedPlatform,
  type RestClient,
} from './platform/index.js';
import { freshAddress } from './stages/fresh.names.js';

const members = 20;
const soon = { timeoutMs: 30_000 };

interface Ledger {
  total: number;
  items: { points: number; type: string; balance_after: number }[];
}

interface ChatView {
  messages: { text?: string }[];
}

describe('what npm start runs, killed in the middle and started again on its data', () => {
  let platform: EmbeddedPlatform;
  beforeAll(async () => {
    platform = await startEmbeddedPlatform({ environment: { TELEGRAM_ADMIN_ID: '900001' } });
  });
  afterAll(() => platform.stop());
  reportLogsOnFailure(() => platform);

  it('loses and doubles nothing: check-ins under way, a code that waits for its mail, a chat', async () => {
    const chat = await EmulatedChat.open(platform.chatUrl, 'Olga');
    await chat.write('/start', /nice to meet you/);
    await chat.write('/register', /send me your invite code/);
    const owner = await platform.client.devLogin({ telegram_id: String(chat.id), first_name: 'Olga' });
    const address = freshAddress('olga');
    const { id, code } = await owner.post<{ id: string; code: string }>('/v1/users/me/email-verifications', {
      body: { email: address },
    });
    const visitors = await Promise.all(Array.from({ length: members }, (_, index) => visitor(index)));
    const firstTries = visitors.map((client) => checkIn(client).catch(() => null));
    // Some have been answered, some are under way.
    await Promise.any(firstTries.slice(3));
    await platform.restart('SIGKILL');

    const answered = await Promise.all(firstTries);
    for (const [index, client] of visitors.entries()) {
      const again = await checkIn(client);
      expect([201, again.data]).toEqual([again.status, answered[index]?.data ?? again.data]);
      expect(await client.get<Ledger>('/v1/points/records')).toMatchObject({ total: 1, items: [{ points: 10 }] });
      expect(await client.get('/v1/points/balance')).toMatchObject({ balance: 10 });
    }
    // What the bot had asked before the kill is answered after it.
    await chat.write('COSPLAY7', /Welcome aboard/);
    await owner.post('/v1/dev/mails', { body: { from: address, subject: code } });
    await eventually(
      async () => expect(await owner.get(`/v1/users/me/email-verifications/${id}`)).toMatchObject({ status: 'bound' }),
      soon,
    );
    await chat.seen(/is now linked to your account/);
    await eventually(() => everythingOnce(visitors), soon);
  });

  it('answers nothing twice after a stop in order, and goes on', async () => {
    const chat = await EmulatedChat.open(platform.chatUrl, 'Boris');
    await chat.write('/start', /nice to meet you/);
    // The greeting's second half, and the last thing the bot has to say.
    await chat.seen(/would you like to do/);
    const before = await chat.texts();
    await platform.restart('SIGTERM');
    expect(await chat.texts()).toEqual(before);
    await chat.write('/checkin', /Checked in: \+10 points/);
  });

  function visitor(index: number): Promise<RestClient> {
    return platform.client.devLogin({ telegram_id: String(5_000 + index), first_name: `Visitor ${index}` });
  }

  /** Each check-in stands once in the audit log, is counted once in the profile and told once in the chat. */
  async function everythingOnce(visitors: readonly RestClient[]): Promise<void> {
    const admin = await platform.client.devLogin({ telegram_id: '900001', first_name: 'Admin', role: 'admin' });
    for (const client of visitors) {
      const me = await client.get<{ id: number; points: number }>('/v1/users/me');
      expect(me.points).toBe(10);
      const { items } = await admin.get<{ items: { event: string }[] }>(`/v1/audit-logs?user_id=${me.id}&limit=100`);
      const events = items.map(({ event }) => event);
      expect(events.filter((event) => event === 'points.checked_in.v1')).toHaveLength(1);
      const sent = await admin.get<{ items: { template: string }[] }>(`/v1/deliveries?user_id=${me.id}`);
      expect(sent.items.map(({ template }) => template)).toEqual(['check_in_receipt']);
    }
  }
});

function checkIn(client: RestClient) {
  return client.call('POST', '/v1/check-ins', { idempotencyKey: 'survival' });
}

/** One person at the chat page, driven from another process. */
class EmulatedChat {
  private constructor(
    private readonly chatUrl: string,
    readonly id: number,
  ) {}

  static async open(chatUrl: string, firstName: string): Promise<EmulatedChat> {
    const { id } = (await post(`${chatUrl}/_emulator/members`, { first_name: firstName, language_code: 'en' })) as {
      id: number;
    };
    return new EmulatedChat(chatUrl, id);
  }

  /** Sends a text and waits for an answer that was not there before. */
  async write(text: string, answer: RegExp): Promise<void> {
    const before = (await this.texts()).length;
    if (text === '/start') await post(`${this.chatUrl}/_emulator/members/${this.id}/start`, {});
    else await post(`${this.chatUrl}/_emulator/members/${this.id}/chats/${this.id}/messages`, { text });
    await eventually(async () => expect((await this.texts()).slice(before).join('\n')).toMatch(answer), soon);
  }

  seen(text: RegExp): Promise<void> {
    return eventually(async () => expect((await this.texts()).join('\n')).toMatch(text), soon);
  }

  async texts(): Promise<string[]> {
    const { body } = await request(`${this.chatUrl}/_emulator/members/${this.id}/chats/${this.id}`);
    const { messages } = (await body.json()) as ChatView;
    return messages.map(({ text = '' }) => text);
  }
}

async function post(url: string, body: object): Promise<unknown> {
  const answer = await request(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (answer.statusCode >= 300) throw new Error(`${url}: ${answer.statusCode} ${await answer.body.text()}`);
  return answer.body.json();
}
