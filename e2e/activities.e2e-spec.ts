import { beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '#testing';
import type { RestClient } from './platform/index.js';
import { freshKey } from './stages/fresh.names.js';
import { stageKinds, useStage } from './stages/index.js';

interface Identified {
  id: number;
}

interface Rule extends Identified {
  key: string | null;
  version: number;
  enabled: boolean;
  points_given: number;
  removed_at: string | null;
}

interface Explanation {
  rules: { rule_id: number; outcome: string | null; points: number; parts: { holds: boolean }[] }[];
}

const hourMs = 3_600_000;
const inHours = (hours: number): string => new Date(Date.now() + hours * hourMs).toISOString();
const tower = { latitude: 31.2397, longitude: 121.4998 };

describe.each(stageKinds)('activities, content and rules on $title', (kind) => {
  const stage = useStage(kind, { environment: { RATE_LIMIT_PER_USER_PER_MINUTE: '900' } });
  let admin: RestClient;
  beforeAll(async () => {
    if (kind.isThere) admin = await stage().admin();
  });

  const open = async (name: string, change: Record<string, unknown> = {}): Promise<number> => {
    const body = {
      title: { zh: `活动${name}`, en: `Event ${name}`, ru: `Событие ${name}` },
      description: { zh: '带上相机', en: 'Bring a camera', ru: 'Возьмите камеру' },
      starts_at: inHours(-1),
      ends_at: inHours(2),
      capacity: 50,
      points: 50,
      way: 'approval',
      ...change,
    };
    const { id } = await admin.post<Identified>('/v1/admin/activities', { body });
    const opened = await admin.call('PUT', `/v1/admin/activities/${id}/state`, { body: { state: 'open' } });
    expect(opened.status).toBe(200);
    return id;
  };
  const balance = async (rest: RestClient) => (await rest.get<{ balance: number }>('/v1/points/balance')).balance;
  const me = async (rest: RestClient) => (await rest.get<Identified>('/v1/users/me')).id;

  it('P-05: a member finds an activity in the chat, joins, and shows the code of the event', async () => {
    await open('Alpha', { way: 'code', code: 'STAGE2026', points: 80 });
    const { chat, rest } = await stage().person({ first_name: 'Olga', language_code: 'en' });
    await chat.start();
    await chat.waitForMessage(/Good to see you again/);
    await chat.send('/activities');
    await chat.waitForMessage(/Choose one/);
    await chat.click(/Event Alpha/);
    await chat.waitForMessage(/Bring a camera[\s\S]*80 points/);
    await chat.click(/Take part/);
    await chat.waitForMessage(/You have a place/);
    await chat.click(/Enter the event's code/);
    await chat.waitForMessage(/code that is shown/);
    await chat.send('nonsense');
    await chat.waitForMessage(/not the code of the event[\s\S]*4/);
    await chat.send('stage-2026');
    await chat.waitForMessage(/you have got 80 points/);
    expect(await balance(rest)).toBe(80);
    await chat.send('/points');
    await chat.waitForMessage(/\+80/);
  });

  it('P-05: a location sent in Russian is believed when it is near and exact enough', async () => {
    await open('Beta', { way: 'geofence', ...tower, radius_m: 150 });
    const { chat, rest } = await stage().person({ first_name: 'Вера', language_code: 'ru' });
    await chat.start();
    await chat.waitForMessage(/Вера/);
    await chat.send('/activities');
    await chat.click(/Событие Beta/);
    await chat.click(/Участвовать/);
    await chat.waitForMessage(/Место за вами/);
    await chat.click(/Отправить геопозицию/);
    await chat.waitForMessage(/Пришлите свою геопозицию/);
    const friend = stage().emulator.member({ first_name: 'Friend', language_code: 'ru' });
    await chat.forwardLocation(friend, { ...tower, horizontal_accuracy: 20 });
    await chat.waitForMessage(/не видно, где вы сейчас/);
    await chat.sendVenue(tower, 'Башня');
    await chat.waitForMessage(/не видно, где вы сейчас/);
    await chat.shareLocation({ latitude: 31.3, longitude: tower.longitude, horizontal_accuracy: 20 });
    await chat.waitForMessage(/До места около/);
    await chat.shareLocation({ ...tower, horizontal_accuracy: 900 });
    await chat.waitForMessage(/точностью/);
    await chat.shareLocation({ ...tower, horizontal_accuracy: 20 });
    await chat.waitForMessage(/вы получили 50 баллов/);
    expect(await balance(rest)).toBe(50);
  });

  it('P-05: by REST a position is believed when it is near and exact enough, and nothing else is', async () => {
    const id = await open('Eta', { way: 'geofence', ...tower, radius_m: 150, points: 20 });
    const { rest } = await stage().person({ first_name: 'Tom', language_code: 'en' });
    const show = (body: object) => rest.call('POST', `/v1/activities/${id}/completion`, { body });
    expect(await show(tower)).toMatchObject({ status: 409, code: 20577 });
    await rest.post(`/v1/activities/${id}/participation`, { body: {} });
    expect(await show({ code: 'STAGE2026' })).toMatchObject({ status: 422, code: 20581 });
    expect(await show({ ...tower, latitude: 91 })).toMatchObject({ status: 400, code: 20001 });
    expect(await show({ ...tower, latitude: 31.3 })).toMatchObject({ status: 422, code: 20584 });
    expect(await show({ ...tower, accuracy_m: 201 })).toMatchObject({ status: 422, code: 20585 });
    expect(await balance(rest)).toBe(0);
    expect(await show({ ...tower, accuracy_m: 20 })).toMatchObject({ status: 201, data: { points: 20, balance: 20 } });
    expect(await show(tower)).toMatchObject({ status: 409, code: 20580 });
  });

  it('P-05: codes that are guessed in Chinese and by REST count together, and lock out', async () => {
    const id = await open('Zeta', { way: 'code', code: 'ZETA2026' });
    const { chat, rest } = await stage().person({ first_name: '小雪', language_code: 'zh' });
    await chat.start(`act_${id}`);
    await chat.click(/报名参加/);
    await chat.click(/输入现场口令/);
    await chat.waitForMessage(/请把现场公布的口令发给我/);
    for (const left of [4, 3]) {
      await chat.send(`猜${left}`);
      await chat.waitForMessage(new RegExp(`口令不对，还可以试 ${left} 次`));
    }
    const guess = (code: string) => rest.call('POST', `/v1/activities/${id}/completion`, { body: { code } });
    for (let left = 2; left >= 0; left -= 1) expect(await guess('wrong')).toMatchObject({ status: 422, code: 20582 });
    const locked = await guess('ZETA2026');
    expect(locked).toMatchObject({ status: 429, code: 20583 });
    expect(Number(locked.headers['retry-after'])).toBeGreaterThan(600);
    await chat.send('ZETA2026');
    await chat.waitForMessage(/输错口令的次数太多了/);
    expect(await balance(rest)).toBe(0);
  });

  it('P-05: by REST the queue moves up, an admin confirms, and members are told in the chat', async () => {
    const id = await open('Gamma', { capacity: 1, waitlist: true, starts_at: inHours(0.05) });
    const first = await stage().person({ first_name: 'Nina', language_code: 'en' });
    const second = await stage().person({ first_name: '小林', language_code: 'zh' });
    await second.chat.start();
    await second.chat.waitForMessage(/小林/);
    const path = `/v1/activities/${id}/participation`;
    await first.rest.post(path, { body: {} });
    const waiting = await second.rest.post<{ participation: { status: string } }>(path, { body: {} });
    expect(waiting.participation.status).toBe('waiting');
    expect(await second.rest.call('POST', path, { body: {} })).toMatchObject({ status: 409, code: 20576 });
    await first.rest.call('DELETE', path);
    await second.chat.waitForMessage(/空出了一个名额/);
    const decision = { user_ids: [await me(second.rest), await me(first.rest)], approved: true };
    const decide = () => admin.call('POST', `/v1/admin/activities/${id}/decisions`, { body: decision });
    expect(await decide()).toMatchObject({ status: 409, code: 20579 });
    // Less than an access token lives.
    await stage().clockOffset(hourMs / 10);
    const own = { ...decision, user_ids: [await me(admin)] };
    const decideOwn = await admin.call('POST', `/v1/admin/activities/${id}/decisions`, { body: own });
    expect(decideOwn).toMatchObject({ status: 403, code: 20552 });
    expect((await decide()).data).toMatchObject({
      decided: [decision.user_ids[0]],
      skipped: [{ user_id: decision.user_ids[1], because: 'not_joined' }],
    });
    await second.chat.waitForMessage(/已得到确认[\s\S]*50/);
    expect(await balance(second.rest)).toBe(50);
    await stage().clockOffset(0);
  });

  it('P-05: an activity that is moved, and then cancelled, is told to who had a place', async () => {
    const id = await open('Delta');
    const { chat, rest } = await stage().person({ first_name: 'Rita', language_code: 'en' });
    await chat.start();
    await chat.waitForMessage(/Good to see you again/);
    await rest.post(`/v1/activities/${id}/participation`, { body: {} });
    const moved = await admin.call('PATCH', `/v1/admin/activities/${id}`, { body: { ends_at: inHours(9) } });
    expect(moved.status).toBe(200);
    await chat.waitForMessage(/Event Delta[\s\S]*takes place at another time/);
    await admin.call('PUT', `/v1/admin/activities/${id}/state`, { body: { state: 'cancelled' } });
    await chat.waitForMessage(/Event Delta[\s\S]*has been cancelled/);
    const completed = await rest.call('POST', `/v1/activities/${id}/completion`, { body: {} });
    expect(completed).toMatchObject({ status: 409, code: 20573 });
  });

  it('B-02, P-05: a link opens exactly its activity, and helps on who cannot take part', async () => {
    const id = await open('Epsilon', { capacity: 1 });
    const { chat, rest } = await stage().person({ first_name: 'Ella', language_code: 'en' });
    await rest.post('/v1/registrations', { body: { invite_code: 'COSPLAY7' } });
    await chat.start(`act_${id}`);
    const card = await chat.waitForMessage(/Event Epsilon[\s\S]*Places taken: 0 of 1/);
    expect(card.text).not.toMatch(/not a member|Link to/);
    const { url = '' } = await chat.click('📤 Send to a friend');
    const payload = new URL(new URL(url).searchParams.get('url') ?? '').searchParams.get('start') ?? '';
    expect(payload).toBe(`act_${id}`);
    await chat.click(/Take part/);
    await chat.waitForMessage(/You have a place/);
    const newcomer = stage().emulator.member({ first_name: 'Newcomer', language_code: 'en' });
    await newcomer.start(payload);
    const full = await newcomer.waitForMessage(/Event Epsilon[\s\S]*All places are taken[\s\S]*not a member yet/);
    expect(JSON.stringify(full.reply_markup)).toContain('Join with a code');
    expect(JSON.stringify(full.reply_markup)).not.toContain('Take part');
    await admin.call('PUT', `/v1/admin/activities/${id}/state`, { body: { state: 'closed' } });
    await newcomer.start(payload);
    await newcomer.waitForMessage(/Event Epsilon[\s\S]*closed/);
    await newcomer.start('act_999999999');
    await newcomer.waitForMessage(/not here any more[\s\S]*Activities/);
  });

  it('P-05: a photo handed in by bot and a link by REST are reviewed, and the member hears of it', async () => {
    const { chat, rest } = await stage().person({ first_name: 'Mila', language_code: 'en' });
    await chat.start();
    await chat.waitForMessage(/Good to see you again/);
    await chat.send('/submit');
    await chat.waitForMessage(/What is the title/);
    await chat.send('My armour');
    await chat.waitForMessage(/send the work itself/);
    await chat.sendPhoto(`armour-${freshKey()}`, 'three months of work');
    await chat.waitForMessage(/has been handed in[\s\S]*4 more works/);
    const { items } = await admin.get<{ items: (Identified & { title: string })[] }>('/v1/admin/contents');
    const photo = items.find(({ title }) => title === 'My armour');
    const decide = (id: number | undefined, body: object) =>
      admin.call('PUT', `/v1/admin/contents/${id}/decision`, { body });
    expect(await decide(photo?.id, { approved: true })).toMatchObject({ status: 422, code: 20591 });
    expect(await decide(photo?.id, { approved: true, points: 30 })).toMatchObject({ status: 200 });
    await chat.waitForMessage(/My armour[\s\S]*published[\s\S]*\+30 points/);
    const link = `https://example.org/${freshKey()}`;
    const body = { kind: 'link', title: 'A tutorial', link };
    const { content } = await rest.post<{ content: Identified }>('/v1/contents', { body });
    expect(await rest.call('POST', '/v1/contents', { body })).toMatchObject({ status: 409, code: 20592 });
    await decide(content.id, { approved: false, reason: 'the page is empty' });
    await chat.waitForMessage(/A tutorial[\s\S]*not published: the page is empty/);
    const published = await rest.get<{ items: Identified[] }>('/v1/contents');
    expect(published.items.map(({ id }) => id)).toEqual([photo?.id]);
    expect(await balance(rest)).toBe(30);
  });

  it('P-06: an admin tries a rule, switches it on, a member is rewarded, and it can be explained', async () => {
    const rule = {
      title: { zh: '分享奖励', en: 'Thanks for sharing', ru: 'Спасибо за рассказ' },
      event_type: 'points.business_event_reported.v1',
      condition: { and: [{ '==': [{ var: 'kind' }, 'product_shared'] }, { '>': [{ var: 'amount' }, 0] }] },
      points: 15,
      daily_limit: 1,
    };
    const { chat, rest } = await stage().person({ first_name: 'Inga', language_code: 'en' });
    await chat.start();
    await chat.waitForMessage(/Good to see you again/);
    const userId = await me(rest);
    const share = (amount: number) =>
      admin.post('/v1/admin/business-events', {
        body: { kind: 'product_shared', reference: freshKey(), user_id: userId, amount },
      });
    await share(3);
    await eventually(async () => {
      const run = await admin.post<{ rewards: number; points: number }>('/v1/admin/rule-dry-runs', { body: rule });
      expect(run).toMatchObject({ rewards: 1, points: 15 });
    });
    expect(await balance(rest)).toBe(0);
    const nonsense = {
      ...rule,
      condition: { and: [{ '<': [{ var: 'amount' }, 2] }, { '>': [{ var: 'amount' }, 2] }] },
    };
    expect(await admin.call('POST', '/v1/admin/rules', { body: nonsense })).toMatchObject({ status: 422, code: 20451 });
    const bottomless = JSON.stringify({ ...rule, condition: 0 }).replace(
      '"condition":0',
      `"condition":${'{"!":'.repeat(50_000)}1${'}'.repeat(50_000)}`,
    );
    for (const path of ['/v1/admin/rules', '/v1/admin/rule-dry-runs'])
      expect(await admin.call('POST', path, { body: bottomless })).toMatchObject({ status: 400, code: 20001 });
    const { id } = await admin.post<Rule>('/v1/admin/rules', { body: rule });
    await admin.call('PUT', `/v1/admin/rules/${id}/switch`, { body: { enabled: true } });
    await share(0);
    await share(1);
    await share(1);
    await chat.waitForMessage(/Thanks for sharing[\s\S]*\+15 points/);
    await eventually(async () => {
      const { items } = await admin.get<{ items: { event_id: string }[] }>(`/v1/admin/rule-events?user_id=${userId}`);
      const explained = await Promise.all(
        items.map(({ event_id }) => admin.get<Explanation>(`/v1/admin/rule-events/${event_id}/explanation`)),
      );
      const outcomes = explained.flatMap(({ rules }) => rules.filter(({ rule_id }) => rule_id === id));
      expect(outcomes.map(({ outcome }) => outcome).sort()).toEqual(
        ['condition_false', 'daily_limit', null, 'rewarded'].sort(),
      );
    });
    expect(await balance(rest)).toBe(15);
    const changed = await admin.call<Rule>('PATCH', `/v1/admin/rules/${id}`, { body: { points: 20 } });
    expect(changed.data).toMatchObject({ version: 2, points_given: 15 });
  });

  it('P-06: an admin removes a rule that is no longer wanted: it gives nothing more, and its history stays', async () => {
    const rule = {
      title: { zh: '短期试验', en: 'A short trial', ru: 'Короткая проба' },
      event_type: 'points.business_event_reported.v1',
      condition: { '==': [{ var: 'kind' }, 'first_purchase'] },
      points: 12,
      daily_limit: 5,
    };
    const { rest } = await stage().person({ first_name: 'Trial', language_code: 'en' });
    const userId = await me(rest);
    const buy = () =>
      admin.post('/v1/admin/business-events', {
        body: { kind: 'first_purchase', reference: freshKey(), user_id: userId, amount: 1 },
      });
    const { id } = await admin.post<Rule>('/v1/admin/rules', { body: rule });
    const at = `/v1/admin/rules/${id}`;
    await admin.call('PUT', `${at}/switch`, { body: { enabled: true } });
    await buy();
    await eventually(async () => expect(await balance(rest)).toBe(12));
    const removed = await admin.call<Rule>('DELETE', at);
    expect(removed).toMatchObject({ status: 200, data: { id, enabled: false, points_given: 12 } });
    expect((await admin.call<Rule>('DELETE', at)).data).toEqual(removed.data);
    await buy();
    await eventually(async () => {
      const path = `/v1/admin/rule-events?event_type=${rule.event_type}&user_id=${userId}`;
      expect((await admin.get<{ total: number }>(path)).total).toBe(2);
    });
    expect(await balance(rest)).toBe(12);
    const listed = async (query: string) =>
      (await admin.get<{ items: Rule[] }>(`/v1/admin/rules?page_size=100${query}`)).items;
    expect((await listed('')).map((one) => one.id)).not.toContain(id);
    expect((await listed('&removed=true')).map((one) => one.id)).toContain(id);
    expect(await admin.get<Rule>(at)).toEqual(removed.data);
    expect(await admin.get(`${at}/versions`)).toMatchObject({ items: [{ version: 1, points: 12 }] });
    const onAgain = await admin.call('PUT', `${at}/switch`, { body: { enabled: true } });
    expect(onAgain).toMatchObject({ status: 409, code: 20866 });
    const shipped = (await listed('')).find(({ key }) => key !== null);
    expect(await admin.call('DELETE', `/v1/admin/rules/${shipped?.id}`)).toMatchObject({ status: 409, code: 20865 });
    await eventually(async () => {
      const { items } = await admin.get<{ items: { after?: Record<string, unknown> }[] }>(
        '/v1/audit-logs?event=points.rule_changed.v1',
      );
      expect(items.map(({ after }) => [after?.['id'], after?.['removed_at']])).toContainEqual([
        id,
        removed.data.removed_at,
      ]);
    });
  });

  it('P-06: one switch stops all rules; those that are shipped are off', async () => {
    const { items } = await admin.get<{ items: Rule[] }>('/v1/admin/rules?page_size=100');
    expect(items.filter(({ key }) => key !== null).every(({ enabled }) => !enabled)).toBe(true);
    const shipped = items.find(({ key }) => key === 'daily_check_in');
    await admin.call('PUT', `/v1/admin/rules/${shipped?.id}/switch`, { body: { enabled: true } });
    const stop = (on: boolean) => admin.call('PUT', '/v1/admin/rule-switch', { body: { on, reason: 'a test' } });
    await stop(false);
    const quiet = await stage().person({ first_name: 'Quiet', language_code: 'en' });
    await quiet.rest.post('/v1/check-ins', { body: {} });
    await eventually(async () => {
      const path = `/v1/admin/rule-events?event_type=points.checked_in.v1&user_id=${await me(quiet.rest)}`;
      expect((await admin.get<{ total: number }>(path)).total).toBe(1);
    });
    await stop(true);
    const lively = await stage().person({ first_name: 'Lively', language_code: 'en' });
    await lively.rest.post('/v1/check-ins', { body: {} });
    await eventually(async () => expect(await balance(lively.rest)).toBe(15));
    expect(await balance(quiet.rest)).toBe(10);
    await admin.call('PUT', `/v1/admin/rules/${shipped?.id}/switch`, { body: { enabled: false } });
  });
});
