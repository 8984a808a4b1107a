import { Secret, TOTP } from 'otpauth';
import type { encodeQR } from 'qr';
import { beforeAll, expect, it } from 'vitest';
import { readQr, type QrPicture } from '#testing/qr.reader';
import type { RestClient } from '../platform/index.js';
import type { Person, Stage } from '../stages/index.js';
import { readPage } from '../stages/page.reader.js';

const soon = { timeoutMs: 30_000 };

interface Walks {
  readonly isThere: boolean;
  readonly stage: () => Stage;
}

/** What admins do in the bot beside the daily work: part of the suite that calls it, on its stage. */
export function walkThroughRights({ isThere, stage }: Walks): void {
  let sure: RestClient;
  let operator: Person;

  const mayOnly = async (permissions: string[]): Promise<void> => {
    const changed = await sure.call('PUT', '/v1/admin/roles/operator/permissions', { body: { permissions } });
    expect(changed.status).toBe(200);
    // What a gateway would refuse it asks for anew first: from here on it knows what the role may do.
    expect((await operator.rest.call('GET', '/v1/admin/roles')).status).toBe(403);
  };

  beforeAll(async () => {
    if (!isThere) return;
    sure = await stage().steppedUpAdmin();
    operator = await stage().person({ first_name: 'Reader', language_code: 'en' });
    const { id } = await operator.rest.get<{ id: number }>('/v1/users/me');
    const body = { role: 'operator', reason: 'looks but decides nothing' };
    expect((await sure.call('PUT', `/v1/admin/users/${id}/role`, { body })).status).toBe(200);
    operator = await stage().person({ id: operator.chat.id, first_name: 'Reader', language_code: 'en' });
  }, 60_000);

  it.concurrent(
    'B-04, U-13 shows the buttons of an action to whose role has its right, and obeys nobody else',
    async () => {
      const { chat } = operator;
      await mayOnly(['rule.read', 'rule.manage']);
      await chat.start();
      await chat.waitForMessage(/Good to see you again/, soon);
      const open = async (): Promise<string> => {
        await chat.send('/admin');
        await chat.click('⚙️ Rules for points');
        await chat.click(/First purchase/);
        const { reply_markup } = await chat.waitForMessage(/First purchase\n⚪ switched off/, soon);
        return JSON.stringify(reply_markup);
      };
      expect(await open()).toContain('Switch on');
      await mayOnly(['rule.read']);
      await chat.click('🟢 Switch on');
      await chat.waitForMessage(/not allowed to do this/, soon);
      expect(await open()).not.toContain('Switch on');
      expect(JSON.stringify(chat.chat())).not.toContain('Stop all');
    },
  );
}

/** Accounts of the admin console, from their making to their end. */
export function walkThroughConsoleAccounts({
  stage,
  admins,
}: {
  stage: () => Stage;
  admins: () => Record<'first' | 'giver', Person>;
}): void {
  it.concurrent('U-13 lets who may keep the console make an account and set its password, in the chat', async () => {
    const { first, giver } = admins();
    const { chat, rest } = first;
    const { id } = await rest.get<{ id: number }>('/v1/users/me');
    const { client } = stage();
    const signIn = (password: string) =>
      client.call('POST', '/v1/auth/console/login', { body: { username: 'head.admin', password } });
    const handedOver = async (): Promise<{ code: string; page: string }> => {
      const { text = '' } = await chat.waitForMessage(/One-time code for head.admin/, soon);
      return { code: text.split('\n')[2] ?? '', page: /https?:\S+/.exec(text)?.[0] ?? '' };
    };
    const setPassword = (token: string, password: string) =>
      client.call('POST', '/v1/auth/console/passwords', { body: { token, password } });
    await chat.send('/admin');
    await chat.click('🔐 Console accounts');
    await chat.click('➕ An account for me');
    await chat.click('➕ Create an account');
    await chat.send('1st');
    await chat.waitForMessage(/begins with a letter/, soon);
    await chat.send('Head.Admin');
    expect((await setPassword((await handedOver()).code, 'a walk along the river')).status).toBe(200);
    expect((await signIn('a walk along the river')).status).toBe(200);
    await chat.click('🔐 Console accounts');
    await chat.click(`head.admin · #${id}`);
    await chat.waitForMessage(/password is set/, soon);
    await chat.click('🔁 New password');
    await chat.click('✅ Yes, do it');
    const { code, page } = await handedOver();
    expect(await walkThroughPage(page, code, 'another walk along the river')).toHaveLength(10);
    expect((await signIn('a walk along the river')).code).toBe(20029);
    expect((await signIn('another walk along the river')).code).toBe(20030);
    await chat.click('🔐 Console accounts');
    await chat.click(`head.admin · #${id}`);
    await chat.waitForMessage(/second factor is on/, soon);
    await chat.click('🗑 Close the account');
    await chat.click('✅ Yes, do it');
    await chat.waitForMessage(/account is closed/, soon);
    expect((await signIn('another walk along the river')).status).toBe(401);
    expect((await giver.rest.call('GET', '/v1/admin/console-accounts')).status).toBe(403);
  });
}

/** What an invited admin does on the page, with the page's own code; resolves with the recovery codes. */
async function walkThroughPage(url: string, token: string, password: string): Promise<string[]> {
  const clients = ['account.client.js', 'platform.client.js', 'qr.picture.js', 'qr.js'];
  const { root, sentences, code } = await readPage<AccountCode>(url, ...clients);
  expect(Object.keys(sentences)).toEqual(['zh', 'en', 'ru']);
  const { headers } = await fetch(url);
  expect(headers.get('content-security-policy')).toMatch(/default-src 'none'.*frame-ancestors 'none'/);
  expect([headers.get('x-content-type-options'), headers.get('referrer-policy')]).toEqual(['nosniff', 'no-referrer']);
  const account = new code.ConsoleAccount(new code.Platform(root, '', code.spokenOf('fr', 'ru-RU')));
  await expect(account.setPassword(token, 'short')).rejects.toMatchObject({
    code: 20033,
    message: expect.stringMatching(/12 символов/) as string,
  });
  expect(await account.setPassword(token, password)).toBe('head.admin');
  await expect(account.setPassword(token, password)).rejects.toMatchObject({ name: 'PlatformRefusal', status: 410 });
  const { secret, otpauth_uri: uri } = await account.startSecondFactor();
  expect(uri).toContain(secret);
  expect(readQr(code.pictureOf(code.encodeQR(uri, 'raw', { ecc: 'medium', border: 4 })), 3)).toBe(uri);
  await expect(account.confirmSecondFactor('000')).rejects.toMatchObject({ status: 400 });
  const codes = await account.confirmSecondFactor(new TOTP({ secret: Secret.fromBase32(secret) }).generate());
  await account.leave();
  return codes;
}

/** What the clients of the page export. */
interface AccountCode {
  encodeQR: typeof encodeQR;
  pictureOf(rows: readonly (readonly boolean[])[]): QrPicture;
  Platform: new (root: URL, initData: string, language: string) => object;
  ConsoleAccount: new (platform: object) => {
    setPassword(token: string, password: string): Promise<string>;
    startSecondFactor(): Promise<{ secret: string; otpauth_uri: string }>;
    confirmSecondFactor(code: string): Promise<string[]>;
    leave(): Promise<void>;
  };
  spokenOf(...wishes: string[]): string;
}
