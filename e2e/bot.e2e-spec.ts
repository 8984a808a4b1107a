import { describe, expect, it } from 'vitest';
import { eventually } from '#testing';
import { freshAddress } from './stages/fresh.names.js';
import { readMiniApp } from './stages/page.reader.js';
import { stageKinds, useStage, type Stage } from './stages/index.js';
import { auditEntries } from './stages/platform.readings.js';

const soon = { timeoutMs: 30_000 };
const webhookSecret = 'e2e-'.repeat(8);
const byWebhook = { updates: 'webhook', environment: { TELEGRAM_WEBHOOK_SECRET: webhookSecret } } as const;

/** What the bot says at each step, by language. */
const words = [
  {
    language: 'zh-hans',
    welcome: /很高兴认识你/,
    noCode: /邀请码不存在[\s\S]*请再发一个邀请码/,
    registered: /会员有效期至/,
    noAddress: /这看起来不是邮箱地址/,
    profile: /会员：体验/,
    already: /今天已经签到过了/,
    nonsense: /我没看懂/,
    help: /\/checkin/,
    commands: '今日签到',
  },
  {
    language: 'en',
    welcome: /nice to meet you/,
    noCode: /does not exist[\s\S]*another code/,
    registered: /Welcome aboard/,
    noAddress: /does not look like an e-mail address/,
    profile: /Membership: trial/,
    already: /already checked in today/,
    nonsense: /did not get that/,
    help: /How things work here/,
    commands: 'Check in for today',
  },
  {
    language: 'ru',
    welcome: /рады знакомству/,
    noCode: /Такого кода приглашения нет[\s\S]*другой код/,
    registered: /добро пожаловать/i,
    noAddress: /не похоже на адрес почты/,
    profile: /Членство: пробное/,
    already: /уже отметились/,
    nonsense: /Не понимаю/,
    help: /Как здесь всё устроено/,
    commands: 'Отметиться сегодня',
  },
];

interface Delivery {
  template: string;
  status: string;
  last_error: string | null;
}

describe.each(stageKinds)('the bot on $title', (kind) => {
  const isReal = kind.title === 'real engines';
  const stage = useStage(kind, { chatPace: 'real', ...(isReal && byWebhook) });
  const itByWebhook = (title: string, test: () => Promise<void>): void => {
    if (isReal) it(title, test);
  };

  // Side by side, because Telegram lets a bot say one thing a second in one chat.
  it.concurrent.each(words)(
    'B-01: speaks $language, whatever is asked and however wrong the answers are',
    async (sentences) => {
      const chat = stage().emulator.member({ first_name: 'Mila', language_code: sentences.language });
      await chat.start();
      await chat.waitForMessage(sentences.welcome, soon);
      await chat.send('/register');
      await chat.send('NOSUCH77');
      await chat.waitForMessage(sentences.noCode, soon);
      await chat.send('cosplay7');
      await chat.waitForMessage(sentences.registered, soon);
      await chat.send('/bind nonsense');
      await chat.waitForMessage(sentences.noAddress, soon);
      await chat.send('/cancel');
      await chat.send('/checkin');
      await chat.send('/checkin');
      await chat.waitForMessage(sentences.already, soon);
      await chat.send('/me');
      await chat.waitForMessage(sentences.profile, soon);
      await chat.send('/help');
      await chat.waitForMessage(sentences.help, soon);
      await chat.send('ыъ 什么 what?');
      const way = await chat.waitForMessage(sentences.nonsense, soon);
      expect(way.reply_markup?.inline_keyboard.flat().length).toBeGreaterThanOrEqual(4);
      const commands = stage()
        .emulator.calls('setMyCommands')
        .map(({ parameters }) => JSON.stringify(parameters));
      expect(commands.some((list) => list.includes(sentences.commands))).toBe(true);
    },
  );

  it('B-01: takes a press on an old keyboard for what it means now', async () => {
    const { chat, rest } = await stage().person({ first_name: 'Ivan', language_code: 'en' });
    await chat.start();
    await chat.waitForMessage(/What would you like to do/, soon);
    await rest.post('/v1/registrations', { body: { invite_code: 'COSPLAY7' } });
    await rest.post('/v1/check-ins');
    await chat.click('✅ Check in');
    await chat.waitForMessage(/already checked in today/, soon);
    await chat.click('🎟 Join with a code');
    await chat.send('COSPLAY7');
    await chat.waitForMessage(/already active|already had your trial/, soon);
    expect(await rest.get('/v1/points/records')).toMatchObject({ total: 1 });
  });

  it('B-03, B-06: lets nobody in who does not know the secret', async () => {
    const update = { update_id: 1, message: {} };
    for (const secret of [undefined, '', 'wrong', `${webhookSecret}x`]) {
      const answer = await postUpdate(stage(), update, secret);
      expect([secret, answer.status, answer.code]).toEqual([secret, 401, 20017]);
    }
  });

  itByWebhook('B-03: gives an update that comes three times one effect and one answer', async () => {
    const { chat, rest } = await stage().person({ first_name: 'Tom', language_code: 'en' });
    await chat.start();
    await chat.waitForMessage(/Good to see you again/, soon);
    const from = { id: chat.id, is_bot: false, first_name: 'Tom', language_code: 'en' };
    const message = {
      message_id: 7_001,
      date: 1,
      text: '/checkin',
      from,
      chat: { id: chat.id, type: 'private', first_name: 'Tom' },
    };
    const entities = [{ type: 'bot_command', offset: 0, length: 8 }];
    const update = { update_id: 1_900_000_001, message: { ...message, entities } };
    const deliveries = await Promise.all([1, 2, 3].map(() => deliverUpdate(stage(), update)));
    expect(deliveries.every((status) => status === 200 || status === 503)).toBe(true);
    expect(deliveries).toContain(200);
    await chat.waitForMessage(/Checked in: \+10 points/, soon);
    expect(await deliverUpdate(stage(), update)).toBe(200);
    expect(await rest.get('/v1/points/records')).toMatchObject({ total: 1 });
    const answers = chat.chat().filter(({ text = '' }) => /Checked in|already checked in/.test(text));
    expect(answers).toHaveLength(1);
  });

  itByWebhook('B-03: refuses updates that are none, and is not confused by buttons it never made', async () => {
    const { chat } = await stage().person({ first_name: 'Tim', language_code: 'en' });
    await chat.start();
    await chat.waitForMessage(/Good to see you again/, soon);
    expect(await postUpdate(stage(), { hello: 1 }, webhookSecret)).toMatchObject({ status: 400, code: 20001 });
    const from = { id: chat.id, is_bot: false, first_name: 'Tim', language_code: 'en' };
    const message = { message_id: 1, date: 1, text: 'old', chat: { id: chat.id, type: 'private', first_name: 'Tim' } };
    const press = { id: '1', from, chat_instance: '1', message, data: '0:check_in' };
    expect(await deliverUpdate(stage(), { update_id: 1_900_000_002, callback_query: press })).toBe(200);
    await chat.waitForMessage(/from an older message/, soon);
  });

  it('N-09: learns that it was blocked, gives the message up, and writes again to who comes back', async () => {
    const { chat, rest } = await stage().person({ first_name: 'Zoe', language_code: 'en' });
    await chat.start();
    await chat.waitForMessage(/Good to see you again/, soon);
    const { id } = await rest.get<{ id: number }>('/v1/users/me');
    const admin = await stage().admin();
    chat.block();
    await rest.post('/v1/registrations', { body: { invite_code: 'COSPLAY7' } });
    const failed = await eventually(async () => {
      const { items } = await admin.get<{ items: Delivery[] }>(`/v1/deliveries?user_id=${id}&status=failed`);
      expect(items).toHaveLength(1);
      return items;
    }, soon);
    expect(failed).toMatchObject([{ template: 'welcome', last_error: expect.stringMatching(/./) }]);
    await auditEntries(admin, id, ['notification.delivery_settled.v1']);
    chat.unblock();
    await chat.send('/checkin');
    await chat.waitForMessage(/Checked in: \+10 points/, soon);
    const email = freshAddress('zoe');
    const { code } = await rest.post<{ code: string }>('/v1/users/me/email-verifications', { body: { email } });
    await stage().mail({ from: email, subject: code, text: '' });
    await chat.waitForMessage(/is now linked to your account/, soon);
  });

  it('N-09: loses nothing when Telegram says that it is too much', async () => {
    const people = await Promise.all(
      ['Ada', 'Bea', 'Cleo'].map((name) => stage().person({ first_name: name, language_code: 'en' })),
    );
    for (const { chat } of people) await chat.start();
    for (const { chat } of people) await chat.waitForMessage(/Good to see you again/, soon);
    stage().emulator.injectFault({ method: 'sendMessage', kind: 'rate_limited', retryAfter: 1, times: 4 });
    await Promise.all(people.map(({ rest }) => rest.post('/v1/registrations', { body: { invite_code: 'COSPLAY7' } })));
    for (const { chat } of people) await chat.waitForMessage(/Your trial membership is active/, soon);
    for (const { chat } of people)
      expect(chat.chat().filter(({ text = '' }) => text.includes('Your trial membership'))).toHaveLength(1);
  });

  it('U-07: tells each thing that does not fit in a mail, until one fits', async () => {
    const { chat } = await stage().person({ first_name: 'Lena', language_code: 'ru' });
    const address = freshAddress('lena');
    await chat.start();
    await chat.send(`/bind ${address}`);
    const shown = await chat.waitForMessage(/Отправьте нам этот код письмом/, soon);
    const code = Number(/\b[0-9]{6}\b/.exec(shown.text ?? '')?.[0]);
    await stage().mail({ from: address, subject: 'no digits', text: 'sorry' });
    await chat.waitForMessage(/В нём нет кода/, soon);
    await stage().mail({ from: address, subject: String((code + 1) % 1_000_000).padStart(6, '0'), text: '' });
    await chat.waitForMessage(/Код в нём не совпадает с выданным/, soon);
    await stage().mail({ from: address, subject: String(code).padStart(6, '0'), text: '' });
    await chat.waitForMessage(/привязан к вашему аккаунту/, soon);
  });

  it('B-02, U-14, P-02 opens the Mini App, which shows the member and checks them in', async () => {
    const { chat, rest } = await stage().person({ first_name: 'Appolina', language_code: 'ru' });
    await chat.start();
    await eventually(() => {
      const set = stage()
        .emulator.calls('setChatMenuButton')
        .map(({ parameters }) => JSON.stringify(parameters));
      expect(set.find((button) => button.includes(String(chat.id)))).toMatch(/web_app.*Открыть.*\/app/);
    }, soon);
    await chat.click('⭐ Членство');
    await chat.click('📱 Приложение');
    const { url = '' } = await chat.click('📱 Открыть приложение');
    const app = await readMiniApp(url);
    expect(app.sentences.ru?.check_in).toBe('Отметка за сегодня');
    const launch = app.launchOf(`#${new URLSearchParams({ tgWebAppData: stage().emulator.initData(chat.id) })}`);
    const platform = app.open(launch.initData, launch.language);
    const nothing = { membership: { state: 'none' }, points: { available: 0 }, today: { checked_in: false } };
    expect(await platform.look()).toMatchObject({ profile: { first_name: 'Appolina', locale: 'ru' }, ...nothing });
    expect(await platform.checkIn('by-the-app')).toBe(10);
    expect(await platform.checkIn('by-the-app')).toBe(10);
    expect(await platform.checkIn('once-more')).toBeNull();
    expect(await platform.look()).toMatchObject({
      points: { available: 10 },
      today: { checked_in: true, streak_days: 1 },
    });
    expect(await rest.get('/v1/check-ins/today')).toMatchObject({ checked_in: true });
    const forged = app.open(launch.initData.replace('Appolina', 'Someone'), 'ru');
    await expect(forged.look()).rejects.toMatchObject({ name: 'PlatformRefusal', status: 401 });
  });
});

async function postUpdate(stage: Stage, update: object, secret?: string) {
  const headers: Record<string, string> = secret === undefined ? {} : { 'x-telegram-bot-api-secret-token': secret };
  return stage.client.call('POST', '/telegram/webhook', { body: update, headers });
}

/** As Telegram delivers it; the status tells whether it comes again. */
async function deliverUpdate(stage: Stage, update: object): Promise<number> {
  const answer = await fetch(`${stage.client.baseUrl}/telegram/webhook`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-telegram-bot-api-secret-token': webhookSecret },
    body: JSON.stringify(update),
  });
  await answer.body?.cancel();
  return answer.status;
}
