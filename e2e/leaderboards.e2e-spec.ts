import { beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '#testing';
import type { RestClient } from './platform/index.js';
import { stageKinds, useStage, type Person } from './stages/index.js';

interface Entry {
  rank: number;
  name: string;
  score: number;
  is_me: boolean;
}

interface Standing {
  rank: number | null;
  score: number;
  hidden: boolean;
  members: number;
  percentile: number | null;
  neighbours: Entry[];
}

interface Board {
  place: string | null;
  members: number;
  items: Entry[];
}

const soon = { timeoutMs: 30_000 };
const hourMs = 3_600_000;
const periods = ['day', 'week', 'month', 'all'] as const;
const shanghai = { country: 'CN', province: 'CN-SH', city: 'Shanghai' };

async function change(rest: RestClient, body: object): Promise<void> {
  expect(await rest.call('PATCH', '/v1/users/me/settings', { body })).toMatchObject({ status: 200 });
}

describe.each(stageKinds)('leaderboards on $title', (kind) => {
  const stage = useStage(kind);
  let mika: Person;
  let ren: Person;
  let kim: Person;

  const standing = ({ rest }: Person, query = '') => rest.get<Standing>(`/v1/leaderboards/me${query}`);
  /** With a token made now: it names the role of now. */
  const signedIn = ({ chat }: Person, at = Date.now()) =>
    stage().client.signInByInitData(stage().emulator, chat.id, Math.floor(at / 1_000));
  const cityBoard = ({ rest }: Person) => rest.get<Board>('/v1/leaderboards?scope=city&period=day');

  beforeAll(async () => {
    if (!kind.isThere) return;
    mika = await stage().person({ first_name: 'Mika', language_code: 'en' });
    ren = await stage().person({ first_name: 'Рен', language_code: 'ru' });
    for (const { chat } of [mika, ren]) await chat.start();
    for (const { rest } of [mika, ren]) await change(rest, { region: shanghai });
  });

  it('P-08: rank members by what they earned, by REST', async () => {
    await mika.rest.post('/v1/check-ins', { body: {} });
    await eventually(
      async () => expect(await standing(mika)).toMatchObject({ rank: 1, score: 10, hidden: false }),
      soon,
    );
    expect(await standing(ren)).toMatchObject({ rank: null, score: 0 });
    await eventually(async () => {
      const { place, items } = await cityBoard(ren);
      expect(place).toBe('Shanghai');
      expect(items).toEqual([{ rank: 1, name: 'Mika', score: 10, is_me: false }]);
    }, soon);
  });

  it('P-08: show boards and ranks in the chat, and the board of everybody to VIP members only', async () => {
    await mika.chat.send('/rank');
    await mika.chat.waitForMessage(/number 1 of/, soon);
    await mika.chat.send('/top');
    await mika.chat.waitForMessage(/Shanghai[\s\S]*🥇 Mika — 10 points/, soon);
    await mika.chat.click('Everybody');
    await mika.chat.waitForMessage(/for VIP members[\s\S]*number 1 of/, soon);
    await ren.chat.send('/rank');
    await ren.chat.waitForMessage(/пока нет в этом рейтинге/, soon);
  });

  it('P-08: have four scopes and four windows for points and days, by REST; equal scores are equal', async () => {
    const club = stage().emulator.group({ title: 'Club' });
    kim = await stage().person({ first_name: '小金', language_code: 'zh-hans' });
    await kim.chat.start();
    await change(kim.rest, { region: { ...shanghai, city: 'Pudong' } });
    for (const { chat } of [mika, ren]) await chat.join(club);
    for (const { rest } of [ren, kim]) await rest.post('/v1/check-ins', { body: {} });
    const admin = await stage().steppedUpAdmin();
    const { id } = await mika.rest.get<{ id: number }>('/v1/users/me');
    const vip = { body: { role: 'vip', reason: 'wins each contest' } };
    expect(await admin.call('PUT', `/v1/admin/users/${id}/role`, vip)).toMatchObject({ status: 200 });
    mika = { ...mika, rest: await signedIn(mika) };
    const onBoards = {
      national: ['Mika', 'Рен', '小金'],
      province: ['Mika', 'Рен', '小金'],
      city: ['Mika', 'Рен'],
      group: ['Mika', 'Рен'],
    };
    await eventually(async () => {
      for (const [scope, names] of Object.entries(onBoards)) {
        const chat = scope === 'group' ? `&chat_id=${club.id}` : '';
        for (const period of periods) {
          for (const [metric, score] of [
            ['points', 10],
            ['check_in_days', 1],
          ] as const) {
            const path = `/v1/leaderboards?scope=${scope}&period=${period}&metric=${metric}${chat}`;
            const { items } = await mika.rest.get<Board>(path);
            expect([path, items]).toEqual([
              path,
              names.map((name) => ({ rank: 1, name, score, is_me: name === 'Mika' })),
            ]);
          }
        }
      }
    }, soon);
    expect(await kim.rest.call('GET', `/v1/leaderboards?scope=group&chat_id=${club.id}`)).toMatchObject({
      status: 404,
      code: 20482,
    });
    expect(await admin.get(`/v1/leaderboards?scope=group&chat_id=${club.id}`)).toMatchObject({ members: 2 });
    expect(await ren.rest.call('GET', '/v1/leaderboards')).toMatchObject({ status: 403, code: 20480 });
    expect(await mika.rest.get<Board>('/v1/leaderboards?scope=city&page=100')).toMatchObject({ members: 2, items: [] });
    await ren.chat.sendIn(club, `/top@${stage().isReal ? 'coser_test_bot' : 'coser_demo_bot'}`);
    await ren.chat.waitForMessage(/Эта группа[\s\S]*🥇 Mika — 10 баллов[\s\S]*🥇 Рен/, { group: club, ...soon });
  });

  it('P-08: say rank, percentile and neighbours, in three languages, the neighbours to VIP members', async () => {
    const national = '?neighbours=1';
    expect(await standing(ren, national)).toMatchObject({ rank: 1, members: 3, percentile: 0, neighbours: [] });
    const { neighbours } = await standing(mika, national);
    expect(neighbours.map(({ rank, name }) => [rank, name])).toEqual([
      [1, 'Mika'],
      [1, 'Рен'],
    ]);
    // The bot knows a member's role for a minute; it looks anew where they change something.
    await mika.chat.send('/language');
    await mika.chat.click('English', soon);
    await mika.chat.waitForMessage(/we speak English now/, soon);
    await mika.chat.send('/rank');
    await mika.chat.waitForMessage(/number 1 of 3[\s\S]*Mika — 10 points[\s\S]*Рен[\s\S]*小金/, soon);
    await ren.chat.send('/rank');
    await ren.chat.waitForMessage(/Ваше место: 1 из 3/, soon);
    await kim.chat.send('/top');
    await kim.chat.waitForMessage(/Pudong[\s\S]*🥇 小金 — 10 积分/, soon);
    await kim.chat.click('📅 签到');
    await kim.chat.waitForMessage(/签到[\s\S]*🥇 小金 — 1 天/, soon);
    await kim.chat.click('本省');
    await kim.chat.waitForMessage(/🥇 Mika[\s\S]*小金[\s\S]*第 1 名（共 3 人）/, soon);
  });

  it('P-08: are made anew by an admin’s command, and are the same again', async () => {
    const admin = await stage().admin();
    const made = async (): Promise<number> =>
      (await admin.get<{ items: object[] }>('/v1/audit-logs?event=points.leaderboards_rebuilt.v1')).items.length;
    const before = await mika.rest.get<Board>('/v1/leaderboards');
    const known = await made();
    expect((await mika.rest.call('POST', '/v1/leaderboards/rebuild', { body: {} })).status).toBe(403);
    await admin.post('/v1/leaderboards/rebuild', { body: {} });
    await eventually(async () => expect(await made()).toBeGreaterThan(known), soon);
    expect(await mika.rest.get<Board>('/v1/leaderboards')).toEqual(before);
  });

  it('P-08: leave out who does not want to be seen', async () => {
    await change(mika.rest, { show_in_leaderboards: false });
    await eventually(async () => expect(await standing(mika)).toMatchObject({ rank: null, hidden: true }), soon);
    await eventually(async () => {
      expect((await cityBoard(ren)).items.map(({ name }) => name)).toEqual(['Рен']);
    }, soon);
    await mika.chat.send('/rank');
    await mika.chat.waitForMessage(/chosen not to be shown/, soon);
  });

  it('P-08: are written down each hour, and can be looked at later', async () => {
    // The last test of the file, for clocks do not go back.
    await stage().clockOffset(hourMs);
    const rest = await signedIn(ren, Date.now() + hourMs);
    await eventually(async () => {
      const history = await rest.get<Board & { taken_at: string | null }>(
        '/v1/leaderboards/history?scope=province&period=all',
      );
      expect(history.taken_at).toMatch(/:00:00.000Z$/);
      expect(history.items.map(({ name, score }) => [name, score])).toEqual([
        ['Рен', 10],
        ['小金', 10],
      ]);
    }, soon);
    const past = encodeURIComponent(new Date(Date.now() - 48 * hourMs).toISOString());
    expect(await rest.get(`/v1/leaderboards/history?scope=city&at=${past}`)).toMatchObject({
      taken_at: null,
      items: [],
    });
  });
});
