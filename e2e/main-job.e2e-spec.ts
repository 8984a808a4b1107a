import { request } from 'undici';
import { describe, expect, it } from 'vitest';
import { eventually } from '#testing';
import { freshAddress } from './stages/fresh.names.js';
import { stageKinds, useStage, type Person, type Stage } from './stages/index.js';
import { auditEntries, metricSum } from './stages/platform.readings.js';

const dayMs = 86_400_000;
/** "Within seconds", on a machine that does everything at once. */
const soon = { timeoutMs: 30_000 };

interface Profile {
  id: number;
  email: string | null;
  points: number;
  locale: string;
  membership: { state: string };
}

interface LedgerPage {
  items: { type: string; points: number; balance_after: number }[];
  total: number;
}

const visibleSteps = [
  {
    language: 'zh',
    greeting: /又见面啦/,
    registered: /有效期至/,
    code: /验证码/,
    bound: /已绑定到你的账号/,
    subject: '你的邮箱已绑定',
    checkedIn: /签到成功/,
    points: /你有 10 积分/,
  },
  {
    language: 'en',
    greeting: /Good to see you again/,
    registered: /Welcome aboard/,
    code: /Send us this code by mail/,
    bound: /is now linked to your account/,
    subject: 'Your e-mail address has been linked',
    checkedIn: /Checked in: \+10 points/,
    points: /You have 10 points/,
  },
  {
    language: 'ru',
    greeting: /С возвращением/,
    registered: /добро пожаловать/i,
    code: /Отправьте нам этот код письмом/,
    bound: /привязан к вашему аккаунту/,
    subject: 'Ваша почта привязана',
    checkedIn: /Отметка засчитана: \+10 баллов/,
    points: /У вас 10 баллов/,
  },
];

describe.each(stageKinds)('the main job on $title', (kind) => {
  const stage = useStage(kind, { chatPace: 'real' });
  const address = freshAddress('anna');
  let anna: Person;
  let annaId: number;
  let undoLink: string;

  it('U-01, U-02: meets the bot, chooses Russian and registers', async () => {
    const chat = stage().emulator.member({ first_name: 'Anna', language_code: 'en' });
    await chat.start();
    await chat.waitForMessage(/Anna, nice to meet you/, soon);
    anna = await stage().person({ id: chat.id, first_name: 'Anna', language_code: 'en' });
    await anna.chat.click('Русский');
    await anna.chat.waitForMessage(/теперь говорим по-русски/, soon);
    await anna.chat.click(/Вступить по коду/);
    await anna.chat.waitForMessage(/Пришлите код приглашения/, soon);
    await anna.chat.send('COSPLAY7');
    await anna.chat.waitForMessage(/Членство действует до/, soon);
    await anna.chat.waitForMessage(/Пробное членство действует до/, soon);
    const me = await eventually(async () => {
      const profile = await anna.rest.get<Profile>('/v1/users/me');
      expect(profile).toMatchObject({ locale: 'ru', membership: { state: 'trial' } });
      return profile;
    }, soon);
    annaId = me.id;
  });

  it('U-07, N-09: binds an e-mail address by a mail with the code, told in the chat and by mail', async () => {
    await anna.chat.send('/bind');
    await anna.chat.waitForMessage(/Какой адрес привязать/, soon);
    await anna.chat.send(address);
    const shown = await anna.chat.waitForMessage(/Отправьте нам этот код письмом/, soon);
    const [code] = /\b[0-9]{6}\b/.exec(shown.text ?? '') ?? [];
    await stage().mail({ from: address, subject: `Re: ${code}`, text: 'привет' });
    const told = await anna.chat.waitForMessage(/привязан к вашему аккаунту/, soon);
    expect(told.text).toContain(address);
    const reply = await replyTo(stage(), address);
    expect(reply.subject).toBe('Ваша почта привязана');
    expect(reply.text).toContain('Anna');
    [undoLink = ''] = /http\S+\/v1\/email-undos\/\S+/.exec(reply.text) ?? [];
    expect(await anna.rest.get<Profile>('/v1/users/me')).toMatchObject({ email: maskOf(address) });
  });

  it('P-01, P-02: checks in and shows 10 points and the record, in the chat and by REST', async () => {
    await anna.chat.send('/menu');
    await anna.chat.click(/Отметиться/);
    await anna.chat.waitForMessage(/Отметка засчитана: \+10 баллов/, soon);
    expect(await anna.rest.get('/v1/points/balance')).toEqual({
      balance: 10,
      frozen: 0,
      available: 10,
      lifetime_earned: 10,
    });
    const ledger = await anna.rest.get<LedgerPage>('/v1/points/records');
    expect(ledger).toMatchObject({ total: 1, items: [{ type: 'check_in', points: 10, balance_after: 10 }] });
    expect(await anna.rest.get('/v1/check-ins/today')).toMatchObject({ checked_in: true, streak_days: 1 });
    await eventually(
      async () => expect(await anna.rest.get<Profile>('/v1/users/me')).toMatchObject({ points: 10 }),
      soon,
    );
  });

  it('O-04: shows an admin everything that happened, before and after, with addresses masked', async () => {
    const entries = await auditEntries(await stage().admin(), annaId, [
      'user.created.v1',
      'user.signed_in.v1',
      'user.changed.v1',
      'entitlement.membership_started.v1',
      'user.email_verification_started.v1',
      'user.email_bound.v1',
      'points.checked_in.v1',
      'points.balance_changed.v1',
      'notification.delivery_settled.v1',
    ]);
    const bound = entries.find(({ event }) => event === 'user.email_bound.v1');
    expect(bound).toMatchObject({
      before: { email: null },
      after: { email: maskOf(address) },
      actor: 'system:mailbox',
    });
    const checkedIn = entries.find(({ event }) => event === 'points.checked_in.v1');
    expect(checkedIn).toMatchObject({ actor: `user:${annaId}`, channel: 'bot', service: 'points' });
    expect(checkedIn?.request_id).toMatch(/^tg-[0-9]+$/);
    expect(checkedIn?.after).not.toBeNull();
    expect(entries.every(({ request_id: requestId }) => requestId.length > 0)).toBe(true);
    expect(JSON.stringify(entries)).not.toContain(address);
  });

  it('counts what happened', async () => {
    await eventually(async () => {
      const page = await stage().metrics();
      expect(metricSum(page, 'coser_check_ins_total')).toBeGreaterThanOrEqual(1);
      expect(metricSum(page, 'coser_points_issued_total', { type: 'check_in' })).toBeGreaterThanOrEqual(10);
      expect(metricSum(page, 'coser_registrations_total', { kind: 'trial' })).toBeGreaterThanOrEqual(1);
      expect(metricSum(page, 'coser_email_verifications_total', { outcome: 'bound' })).toBeGreaterThanOrEqual(1);
      expect(metricSum(page, 'coser_deliveries_total', { channel: 'email', outcome: 'sent' })).toBeGreaterThanOrEqual(
        1,
      );
      expect(metricSum(page, 'coser_audit_entries_total')).toBeGreaterThanOrEqual(8);
    }, soon);
  });

  it('U-07: takes the binding back by the link of the reply mail: its button does it, opening it does not', async () => {
    const page = await request(undoLink, { headers: { 'accept-language': 'ru' } });
    expect([page.statusCode, page.headers['content-type']]).toEqual([200, 'text/html; charset=utf-8']);
    const [, action = ''] = /<form method="post" action="([^"]+)">/.exec(await page.body.text()) ?? [];
    expect(await anna.rest.get<Profile>('/v1/users/me')).toMatchObject({ email: maskOf(address) });
    const pressed = await pressUndo(new URL(action, undoLink));
    expect([pressed.status, pressed.text.includes(maskOf(address))]).toEqual([200, true]);
    await anna.chat.waitForMessage(/больше не привязан/, soon);
    expect(await anna.rest.get<Profile>('/v1/users/me')).toMatchObject({ email: null });
    // The button of the code from before says the same.
    await anna.chat.click(/Письмо отправлено/);
    await eventually(() => {
      const told = anna.chat.chat().filter(({ text = '' }) => text.includes('больше не привязан'));
      expect(told).toHaveLength(2);
    }, soon);
    expect((await pressUndo(new URL(action, undoLink))).status).toBe(410);
  });

  it('U-02, B-02: registers a second member by a deep link, once', async () => {
    const { chat, rest } = await stage().person({ first_name: 'Boris', language_code: 'zh-hans' });
    await chat.start('inv_COSPLAY7');
    await chat.waitForMessage(/会员有效期至/, soon);
    await chat.start('inv_COSPLAY7');
    await chat.waitForMessage(/会员资格已经生效/, soon);
    const again = await rest.call('POST', '/v1/registrations', { body: { invite_code: 'COSPLAY7' } });
    expect([again.status, again.code]).toEqual([409, 20205]);
  });

  // Side by side, because Telegram lets a bot say one thing a second in one chat.
  it.concurrent.each(visibleSteps)('B-01: speaks $language at every step', async (words) => {
    const { chat } = await stage().person({ first_name: 'Li', language_code: words.language });
    await chat.start();
    await chat.waitForMessage(words.greeting, soon);
    await chat.send('/register COSPLAY7');
    await chat.waitForMessage(words.registered, soon);
    const from = freshAddress('li');
    await chat.send(`/bind ${from}`);
    const shown = await chat.waitForMessage(words.code, soon);
    await stage().mail({ from, subject: '', text: /\b[0-9]{6}\b/.exec(shown.text ?? '')?.[0] ?? '' });
    await chat.waitForMessage(words.bound, soon);
    expect((await replyTo(stage(), from)).subject).toBe(words.subject);
    await chat.send('/checkin');
    await chat.waitForMessage(words.checkedIn, soon);
    await chat.send('/points');
    await chat.waitForMessage(words.points, soon);
  });

  it('P-02: gives the bonus of the seventh day in a row, and says so', async () => {
    const { chat, rest } = await stage().person({ first_name: 'Olga', language_code: 'ru' });
    await chat.start();
    const earned: number[] = [];
    for (let day = 0; day < 7; day += 1) {
      await stage().clockOffset(day * dayMs);
      earned.push((await rest.post<{ points: number }>('/v1/check-ins')).points);
    }
    expect(earned).toEqual([10, 10, 10, 10, 10, 10, 30]);
    await chat.waitForMessage(/7 дней подряд![\s\S]*20 баллов/, soon);
    const { items } = await rest.get<LedgerPage>('/v1/points/records?page_size=2');
    expect(items.map(({ type, points }) => [type, points])).toEqual([
      ['streak_bonus', 20],
      ['check_in', 10],
    ]);
    expect(await rest.get('/v1/points/balance')).toMatchObject({ balance: 90 });
  });
});

function maskOf(address: string): string {
  const [local = '', domain = ''] = address.split('@');
  return `${local.slice(0, 1)}***${local.slice(-1)}@${domain}`;
}

async function replyTo(stage: Stage, address: string) {
  return eventually(async () => {
    const [reply, ...others] = await stage.repliesTo(address);
    if (!reply) throw new Error('there is no reply mail yet');
    expect(others).toEqual([]);
    return reply;
  }, soon);
}

async function pressUndo(action: URL): Promise<{ status: number; text: string }> {
  const { statusCode, body } = await request(action, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: '',
  });
  return { status: statusCode, text: await body.text() };
}
