import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { EmailCodeIssued, PhoneBound, PhoneUnbound, PhoneVerificationStarted } from '#contracts';
import { encryptionEnvironment, FieldCipher, sealCode } from '#encryption';
import { eventually } from '#testing';
import { onEachDatabase } from '#testing/engines';
import { NotificationPlace } from '../notification.fixture.js';
import { readMailOutbox, readSmsOutbox } from '../notification.module.js';

const minuteMs = 60_000;

function cipherOf(notification: NotificationPlace): FieldCipher {
  return new FieldCipher(encryptionEnvironment.ENCRYPTION_KEYS.parse(notification.keys.ENCRYPTION_KEYS));
}

/** What the user service emits when a code is to go out. */
function started(notification: NotificationPlace, userId: number, to: string, code: string) {
  const id = `verification-of-${userId}`;
  return {
    user_id: userId,
    verification_id: id,
    method: 'sms' as const,
    phone: '+86 13*******00',
    sealed_code: sealCode(cipherOf(notification), id, { to, code }),
    expires_at: new Date(Date.now() + 10 * minuteMs).toISOString(),
  };
}

onEachDatabase('codes in the embedded outboxes', ({ place }) => {
  const notification = new NotificationPlace(place);
  const data = () => (place.mysqlUrl ? notification.directory : place.dataDirectory);
  beforeAll(() => notification.start());
  afterAll(() => notification.stop());
  const deliveryOf = async (userId: number, channel: string) =>
    (await notification.deliveries(userId)).find((delivery) => delivery.channel === channel);

  it.each([
    ['en', 'is your code'],
    ['zh', '验证码'],
    ['ru', 'ваш код'],
  ] as const)('U-10: a code goes out as a text message in %s, once', async (locale, words) => {
    const { userId } = await notification.meet('Ann', locale);
    const to = `+86138001${String(userId).padStart(5, '0')}`;
    const event = started(notification, userId, to, '483920');
    await notification.publish(PhoneVerificationStarted, event, {
      id: `00000000-0000-7000-8000-${String(userId).padStart(12, '0')}`,
    });
    const message = await eventually(async () => {
      const found = (await readSmsOutbox(join(data(), 'sms-outbox'))).find((sms) => sms.to === to);
      if (!found) throw new Error('no message yet');
      return found;
    });
    expect(message.text).toContain('483920');
    expect(message.text).toContain(words);
    await eventually(async () =>
      expect(await deliveryOf(userId, 'sms')).toMatchObject({ status: 'sent', params: '{}' }),
    );
  });

  it('U-09: a code goes out by mail, without anything the member wrote', async () => {
    const { userId } = await notification.meet('Visit evil.example', 'en');
    const id = `code-of-${userId}`;
    await notification.publish(EmailCodeIssued, {
      user_id: userId,
      verification_id: id,
      email: 'a***e@example.org',
      sealed_code: sealCode(cipherOf(notification), id, { to: 'alice@example.org', code: '112233' }),
      expires_at: new Date(Date.now() + 10 * minuteMs).toISOString(),
    });
    const mail = await eventually(async () => {
      const found = (await readMailOutbox(join(data(), 'mail-outbox'))).find(({ to }) => to === 'alice@example.org');
      if (!found) throw new Error('no mail yet');
      return found;
    });
    expect(mail.subject).toBe('Your code: 112233');
    expect(`${mail.text}${mail.html}`).not.toContain('evil.example');
  });

  it('U-10: a code that is over is not sent any more', async () => {
    const { userId } = await notification.meet('Ann', 'en');
    const event = started(notification, userId, `+86139001${String(userId).padStart(5, '0')}`, '483920');
    await notification.publish(PhoneVerificationStarted, {
      ...event,
      expires_at: new Date(Date.now() - 1).toISOString(),
    });
    await eventually(async () =>
      expect(await deliveryOf(userId, 'sms')).toMatchObject({ status: 'failed', last_error: 'expired' }),
    );
  });

  it('U-10: a change over REST is told in the chat, one in the bot is not', async () => {
    const { userId, member } = await notification.meet('Ann', 'en');
    const facts = { user_id: userId, phone: '+86 13*******00', identity_hash: 'a'.repeat(64) };
    await notification.publish(PhoneBound, { ...facts, method: 'contact' }, { channel: 'bot' });
    await notification.publish(PhoneBound, { ...facts, method: 'sms' }, { channel: 'rest' });
    await member.waitForMessage(/13\*{7}00 is now linked/);
    await notification.publish(PhoneUnbound, { ...facts, reason: 'replaced' }, { channel: 'rest' });
    await notification.publish(PhoneUnbound, { ...facts, reason: 'member' }, { channel: 'rest' });
    await member.waitForMessage(/no longer linked/);
    expect(await notification.deliveries(userId)).toHaveLength(2);
  });
});

onEachDatabase('text messages by an HTTP provider', ({ place }) => {
  const notification = new NotificationPlace(place);
  const received: { body: string; authorization: string | undefined }[] = [];
  /** What the provider says next; nothing more to say means success. */
  const answers: { status: number; body?: string; headers?: Record<string, string> }[] = [];
  const provider = createServer((request, response) => {
    void bodyOf(request).then((body) => {
      received.push({ body, authorization: request.headers.authorization });
      const { status, body: text = '{"code":0}', headers = {} } = answers.shift() ?? { status: 200 };
      response.writeHead(status, headers).end(text);
    });
  });

  beforeAll(async () => {
    await new Promise<void>((resolve) => provider.listen(0, '127.0.0.1', resolve));
    await notification.start({
      SMS_HTTP_URL: `http://127.0.0.1:${(provider.address() as AddressInfo).port}/send`,
      SMS_HTTP_HEADERS: JSON.stringify({ 'Content-Type': 'application/json', Authorization: 'Key of-the-test' }),
      SMS_HTTP_BODY: '{"mobile":"{{phone}}","message":"{{text}}","request":"{{id}}"}',
      SMS_HTTP_SUCCESS: '"code":0',
    });
  });
  afterAll(async () => {
    await notification.stop();
    provider.closeAllConnections();
    await new Promise((resolve) => provider.close(resolve));
  });
  const send = async () => {
    const { userId } = await notification.meet('Ann', 'en');
    received.splice(0);
    await notification.publish(PhoneVerificationStarted, started(notification, userId, '+8613800138000', '483920'));
    return userId;
  };
  const ends = (userId: number, expected: object) =>
    eventually(async () => expect((await notification.deliveries(userId))[0]).toMatchObject(expected), {
      timeoutMs: 20_000,
    });

  it('N-09: are handed over as the operator describes the call', async () => {
    await ends(await send(), { status: 'sent', attempts: 1 });
    expect(received).toHaveLength(1);
    expect(received[0]?.authorization).toBe('Key of-the-test');
    expect(JSON.parse(received[0]?.body ?? '')).toEqual({
      mobile: '+8613800138000',
      message: expect.stringContaining('483920') as string,
      request: expect.stringMatching(/^[0-9a-f]{32}$/) as string,
    });
  });

  it('N-09: are sent again under the same id when the provider fails, also with status 200', async () => {
    answers.push({ status: 503 }, { status: 200, body: '{"code":77}' });
    const userId = await send();
    // At least so many: the first pause is so short that a busy machine may have tried again meanwhile.
    const atLeast = (times: number) => expect.toSatisfy((attempts: number) => attempts >= times) as number;
    await ends(userId, { attempts: atLeast(1) });
    notification.pass(6_000);
    await ends(userId, { attempts: atLeast(2) });
    notification.pass(31_000);
    await ends(userId, { status: 'sent', attempts: 3 });
    expect(new Set(received.map(({ body }) => (JSON.parse(body) as { request: string }).request)).size).toBe(1);
  });

  it('N-09: end where the provider refuses the number, and follow no redirect', async () => {
    answers.push({ status: 400 });
    await ends(await send(), { status: 'failed', attempts: 1 });
    answers.push({ status: 307, headers: { location: 'https://elsewhere.example/' } });
    const userId = await send();
    await ends(userId, { status: 'pending', last_error: 'sms: not reached' });
  });
});

async function bodyOf(request: IncomingMessage): Promise<string> {
  let body = '';
  for await (const chunk of request) body += String(chunk);
  return body;
}
