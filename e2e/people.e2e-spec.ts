import { Secret, TOTP } from 'otpauth';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Locale } from '#contracts';
import { eventually } from '#testing';
import { freshKey } from './stages/fresh.names.js';
import type { Tokens } from './platform/rest.client.js';
import { stageKinds, steppedUp, useStage, type Person } from './stages/index.js';

interface Settings {
  nickname: string | null;
  timezone: string;
  region: { country: string | null; province: string | null; city: string | null };
  show_in_leaderboards: boolean;
  completion: { percent: number; completed_at: string | null };
}

interface Terms {
  version: string;
  required: boolean;
  terms_url: string | null;
}

interface Sessions {
  items: { id: string; device: string | null; method: string; current: boolean }[];
}

describe.each(stageKinds)('people on $title', (kind) => {
  const terms = { TERMS_VERSION: '2031-05', TERMS_URL: 'https://club.example.org/terms' };
  const stage = useStage(kind, {
    environment: { ...terms, POINTS_JOB_INTERVAL_MS: '200', REMINDER_INTERVAL_MS: '200' },
  });
  beforeAll(async () => {
    if (kind.isThere) await stage().admin();
  });

  const auditOf = async (event: string, userId: number): Promise<number> => {
    const admin = await stage().admin();
    const { items } = await admin.get<{ items: unknown[] }>(`/v1/audit-logs?event=${event}&user_id=${userId}`);
    return items.length;
  };
  const idOf = async (rest: { get<Data>(path: string): Promise<Data> }): Promise<number> =>
    (await rest.get<{ id: number }>('/v1/users/me')).id;

  it('U-11, P-06: a member fills in the profile by REST and in the bot, and is rewarded for it once', async () => {
    const admin = await stage().admin();
    const rules = await admin.get<{ items: { id: number; key: string }[] }>('/v1/admin/rules?page_size=100');
    const rule = rules.items.find(({ key }) => key === 'profile_completed');
    const switched = await admin.call('PUT', `/v1/admin/rules/${rule?.id}/switch`, { body: { enabled: true } });
    expect(switched.status).toBe(200);
    const { chat, rest } = await stage().person({ first_name: 'Ada', language_code: 'en' });
    const first = await rest.call<Settings>('PATCH', '/v1/users/me/settings', {
      body: {
        avatar_url: 'https://example.org/ada.png',
        birthday: '2001-05-31',
        region: { country: 'cn', province: 'cn-sh', city: 'ｓhanghai' },
      },
    });
    expect(first.data).toMatchObject({
      region: { country: 'CN', province: 'CN-SH', city: 'Shanghai' },
      completion: { percent: 67, completed_at: null },
    });
    await chat.send('/settings');
    await chat.waitForMessage(/67%/);
    await chat.click('Nickname');
    await chat.waitForMessage(/How shall we call you/);
    await chat.send('\u202e');
    await chat.waitForMessage(/visible characters/);
    await chat.send('Sakura');
    await chat.waitForMessage(/Saved[\s\S]*Sakura/);
    await chat.click('Time zone');
    await chat.click('Europe/Moscow');
    await chat.waitForMessage(/100%/);
    await chat.waitForMessage(/Profile completed[\s\S]*\+50 points/);
    await chat.click(/Show me in leaderboards/);
    await chat.waitForMessage(/Shown in leaderboards: no/);
    const now = await rest.get<Settings>('/v1/users/me/settings');
    expect(now).toMatchObject({ nickname: 'Sakura', timezone: 'Europe/Moscow', show_in_leaderboards: false });
    expect(now.completion.completed_at).not.toBeNull();
    const id = await idOf(rest);
    await eventually(async () => {
      expect(await auditOf('user.profile_completed.v1', id)).toBe(1);
      expect(await auditOf('user.settings_changed.v1', id)).toBe(4);
    });
    expect((await rest.get<{ balance: number }>('/v1/points/balance')).balance).toBe(50);
  });

  it.each([
    ['zh', '/settings', /个人资料/, '昵称', /怎么称呼你/],
    ['ru', '/settings', /Ваш профиль/, 'Псевдоним', /Как вас называть/],
  ])('U-11: the settings speak %s', async (language_code, command, title, button, question) => {
    const { chat } = await stage().person({ first_name: 'Polyglot', language_code });
    await chat.send(command);
    await chat.waitForMessage(title);
    await chat.click(button);
    await chat.waitForMessage(question);
  });

  it('U-14: a member sees the sign-ins and ends them, by REST and in the bot', async () => {
    const { chat, rest } = await stage().person({ first_name: 'Mobile', language_code: 'en' });
    const other = await rest.signInByInitData(stage().emulator, chat.id);
    const { items } = await rest.get<Sessions>('/v1/users/me/sessions');
    expect(items).toHaveLength(2);
    const [theirs] = items.filter(({ current }) => !current);
    expect(await rest.call('DELETE', `/v1/users/me/sessions/${theirs?.id}`)).toMatchObject({ status: 200 });
    const body = { refresh_token: other.tokens.refresh_token };
    expect(await rest.call('POST', '/v1/auth/refresh', { body })).toMatchObject({ status: 401, code: 20015 });
    await chat.send('/sessions');
    await chat.waitForMessage(/Here you are signed in/);
    await chat.click(/End all/);
    await chat.waitForMessage(/1 sign-in has ended/);
    const mine = { refresh_token: rest.tokens.refresh_token };
    expect(await rest.call('POST', '/v1/auth/refresh', { body: mine })).toMatchObject({ status: 401, code: 20015 });
  });

  it('U-13: roles are given after a fresh confirmation, take effect at once, and are audited', async () => {
    const { chat, rest } = await stage().person({ first_name: 'Operator', language_code: 'en' });
    const id = await idOf(rest);
    const admin = await stage().admin();
    const wish = { body: { role: 'operator', reason: 'helps in the evenings' } };
    expect(await admin.call('PUT', `/v1/admin/users/${id}/role`, wish)).toMatchObject({ status: 403, code: 20022 });
    expect(await rest.call('GET', '/v1/deliveries')).toMatchObject({ status: 403, code: 20012 });
    const sure = await stage().steppedUpAdmin();
    const idempotencyKey = freshKey();
    for (const _ of [1, 2]) {
      const answer = await sure.call('PUT', `/v1/admin/users/${id}/role`, { ...wish, idempotencyKey });
      expect([answer.status, answer.data]).toEqual([200, { user_id: id, role: 'operator', role_before: 'member' }]);
    }
    // The token still says member; the policy knows better within seconds.
    await eventually(async () => expect((await rest.call('GET', '/v1/deliveries')).status).toBe(200));
    expect(await rest.call('GET', '/v1/admin/roles')).toMatchObject({ status: 403, code: 20012 });
    const taken = { body: { role: 'member', reason: 'has moved away' } };
    const upward = await steppedUp(chat, rest);
    expect(await upward.call('PUT', `/v1/admin/users/${id}/role`, taken)).toMatchObject({ status: 403, code: 20012 });
    expect((await sure.call('PUT', `/v1/admin/users/${id}/role`, taken)).status).toBe(200);
    await eventually(async () => expect((await rest.call('GET', '/v1/deliveries')).status).toBe(403));
    await eventually(async () => expect(await auditOf('user.role_changed.v1', id)).toBe(2));
  });

  it('U-13: a console account signs in with name, password and second factor, and confirms with it', async () => {
    const { chat, rest } = await stage().person({ first_name: 'Console', language_code: 'en' });
    const user_id = await idOf(rest);
    const admin = await stage().steppedUpAdmin();
    const username = `console.${chat.id}`;
    const { set_password_token: token } = await admin.post<{ set_password_token: string }>(
      '/v1/admin/console-accounts',
      {
        body: { user_id, username },
      },
    );
    const password = ['a long', 'password', 'of tests'].join(' ');
    const { client } = stage();
    const login = (change: object = {}) =>
      client.call<{ access_token: string; refresh_token: string }>('POST', '/v1/auth/console/login', {
        body: { username, password, ...change },
      });
    expect(await login()).toMatchObject({ status: 401, code: 20029 });
    const tooShort = await client.call('POST', '/v1/auth/console/passwords', { body: { token, password: 'short' } });
    expect(tooShort).toMatchObject({ status: 400, code: 20033, data: { problem: 'too_short' } });
    await client.post('/v1/auth/console/passwords', { body: { token, password } });
    const used = await client.call('POST', '/v1/auth/console/passwords', { body: { token, password } });
    expect(used).toMatchObject({ status: 410, code: 20037 });
    const first = await login();
    expect(first.status).toBe(200);
    const console = client.withTokens(first.data);
    const sureOf = async (body: object) => {
      const sure = await console.post<{ status: string; access_token: string }>('/v1/auth/step-ups', { body });
      expect(sure.status).toBe('confirmed');
      return console.withTokens({ ...console.tokens, access_token: sure.access_token });
    };
    const factor = '/v1/auth/console/second-factor';
    expect(await console.call('POST', factor, { body: {} })).toMatchObject({ status: 403, code: 20022 });
    const { secret } = await (await sureOf({ password })).post<{ secret: string }>(factor, { body: {} });
    const codeIn = (ms: number): string =>
      new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: Date.now() + ms });
    const { recovery_codes } = await console.post<{ recovery_codes: string[] }>(`${factor}/confirmations`, {
      body: { code: codeIn(0) },
    });
    expect(await login()).toMatchObject({ status: 401, code: 20030 });
    expect((await login({ code: recovery_codes[0] })).status).toBe(200);
    expect(await login({ code: recovery_codes[0] })).toMatchObject({ status: 401, code: 20031 });
    // Each step counts once; the next one is good already, and stays so should this one end meanwhile.
    expect((await (await sureOf({ code: codeIn(30_000) })).call('DELETE', factor)).status).toBe(200);
    expect((await login()).status).toBe(200);
    const nobody = { username: `nobody.${chat.id}`, password: 'a wrong password' };
    for (const code of [20029, 20029, 20029, 20029, 20029, 20032]) expect((await login(nobody)).code).toBe(code);
  });

  it('U-14: what the Login Widget hands over signs in, and nothing else does', async () => {
    const profile = { first_name: 'Widget & Söhne', last_name: 'Zwei', username: `widget${freshKey()}` };
    const { chat, rest } = await stage().person({ ...profile, language_code: 'en' });
    const signIn = (body: object) => stage().client.call<Tokens>('POST', '/v1/auth/telegram-widget', { body });
    const genuine = stage().emulator.widgetData(chat.id);
    const answer = await signIn(genuine);
    expect(answer.status).toBe(200);
    const member = stage().client.withTokens(answer.data);
    expect(await idOf(member)).toBe(await idOf(rest));
    const { items } = await member.get<Sessions>('/v1/users/me/sessions');
    expect(items.map(({ method }) => method)).toContain('login_widget');
    const hourAgo = Math.floor(Date.now() / 1000) - 3_700;
    const refusals: [object, number][] = [
      [{ ...genuine, hash: '0'.repeat(64) }, 20027],
      [{ ...genuine, id: chat.id + 1 }, 20027],
      [{ ...genuine, first_name: 'Boss' }, 20027],
      [{ ...genuine, auth_date: genuine.auth_date + 1 }, 20027],
      [{ ...genuine, photo_url: undefined }, 20027],
      [stage().emulator.widgetData(chat.id, { authDate: hourAgo }), 20028],
    ];
    for (const [body, code] of refusals) expect(await signIn(body)).toMatchObject({ status: 401, code });
  });

  it('U-02, U-15: REST registers nobody without the consent to the terms of now, given there or before', async () => {
    const [rita, pia] = [
      await stage().person({ first_name: 'Rita', language_code: 'en' }),
      await stage().person({ first_name: 'Pia', language_code: 'en' }),
    ];
    const { version, required, terms_url } = await stage().client.get<Terms>('/v1/terms');
    expect({ version, required, terms_url }).toEqual({
      version: '2031-05',
      required: true,
      terms_url: terms.TERMS_URL,
    });
    const register = (person: Person, wish: object = {}, locale: Locale = 'en') =>
      person.rest.in(locale).call('POST', '/v1/registrations', { body: { invite_code: 'COSPLAY7', ...wish } });
    for (const [locale, words] of [
      ['zh', /请先接受使用条款/],
      ['en', /needs your consent to the terms/],
      ['ru', /нужно принять правила/],
    ] as const) {
      const refused = await register(rita, {}, locale);
      expect(refused).toMatchObject({ status: 409, code: 20130, data: { current_version: '2031-05' } });
      expect(refused.message).toMatch(words);
    }
    expect(await register(rita, { terms_version: '2030' })).toMatchObject({ status: 409, code: 20110 });
    expect((await register(rita, { terms_version: version })).status).toBe(201);
    await pia.rest.post('/v1/users/me/terms', { body: { version } });
    expect((await register(pia)).status).toBe(201);
    for (const { rest } of [rita, pia]) {
      await eventually(async () =>
        expect(await rest.get('/v1/users/me/terms')).toMatchObject({ accepted_version: '2031-05' }),
      );
      const id = await idOf(rest);
      await eventually(async () => expect(await auditOf('user.terms_accepted.v1', id)).toBe(1));
    }
  });

  it('U-02, U-15: the bot tells of the terms at /start and lets nobody join who has not accepted them', async () => {
    const { chat, rest } = await stage().person({ first_name: 'Берта', language_code: 'ru' });
    await chat.start();
    await chat.waitForMessage(/Прежде чем вступить, прочтите и примите/);
    await chat.click('English');
    await chat.waitForMessage(/Before you join, please read and accept/);
    await chat.send('/register COSPLAY7');
    await chat.waitForMessage(/One more step/);
    expect(await rest.get('/v1/users/me/membership')).toMatchObject({ state: 'none' });
    await chat.click('✔️ I accept and join');
    await chat.waitForMessage(/Welcome aboard/);
    expect(await rest.get('/v1/users/me/terms')).toMatchObject({ accepted_version: '2031-05', required: true });
    const id = await idOf(rest);
    await eventually(async () => expect(await auditOf('user.terms_accepted.v1', id)).toBe(1));
  });

  it('U-13: who is asked in the bot and says no ends the sign-in that asked', async () => {
    const { chat, rest } = await stage().person({ first_name: 'Careful', language_code: 'en' });
    // Bots may write to those only who have written to them.
    await chat.start();
    await chat.waitForMessage(/Careful/);
    const { id } = await rest.post<{ id: string }>('/v1/auth/step-ups', { body: {} });
    await chat.waitForMessage(/needs your confirmation/);
    await chat.send('/confirm');
    await chat.click(/No, end that sign-in/);
    await chat.waitForMessage(/Refused/);
    expect(await rest.call('GET', `/v1/auth/step-ups/${id}`)).toMatchObject({ status: 403, code: 20023 });
  });

  // The last one: it lets days pass, and what has learned of the time to come does not go back.
  it('U-06, U-11: reminders come to who wants them, and to nobody else', async () => {
    const [keen, quiet] = [
      await stage().person({ first_name: 'Keen', language_code: 'en' }),
      await stage().person({ first_name: 'Quiet', language_code: 'en' }),
    ];
    const body = { invite_code: 'COSPLAY7', terms_version: '2031-05' };
    for (const { chat, rest } of [keen, quiet]) {
      await chat.start();
      await rest.post('/v1/registrations', { body });
    }
    const check_in_at = new Date(Date.now() + 3_600_000).toISOString().slice(11, 16);
    const wish = { timezone: 'Etc/UTC', reminders: { check_in: true, check_in_at } };
    expect((await keen.rest.call('PATCH', '/v1/users/me/settings', { body: wish })).status).toBe(200);
    await quiet.chat.send('/settings');
    await quiet.chat.click(/Remind me before my membership ends/);
    await quiet.chat.waitForMessage(/Reminders of the membership: no/);
    const quietId = await idOf(quiet.rest);
    await eventually(async () => expect(await auditOf('user.settings_changed.v1', quietId)).toBe(1));
    // Not a moment more: an hour after 22:59 it is still the same day.
    await stage().clockOffset(3_600_000);
    await keen.chat.waitForMessage(/have not checked in today yet/);
    await stage().clockOffset(6.5 * 86_400_000);
    await keen.chat.waitForMessage(/Your membership ends within a day/);
    await stage().clockOffset(0);
    await eventually(async () => expect(await auditOf('entitlement.membership_reminder_due.v1', quietId)).toBe(1));
    const admin = await stage().admin();
    const { items } = await admin.get<{ items: { template: string }[] }>(`/v1/deliveries?user_id=${quietId}`);
    expect(items.map(({ template }) => template)).not.toContain('membership_reminder');
  });
});
