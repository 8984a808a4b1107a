import { beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '#testing';
import type { RestClient } from './platform/index.js';
import { stageKinds, useStage, type Person } from './stages/index.js';

interface Standing {
  rank: number | null;
  score: number;
  hidden: boolean;
  members: number;
}
interface Board {
  place: string | null;
  items: { rank: number; name: string; score: number; is_me: boolean }[];
}

const soon = { timeoutMs: 30_000 };
const shanghai = { country: 'CN', province: 'CN-SH', city: 'Shanghai' };

async function change(rest: RestClient, body: object): Promise<void> {
  expect(await rest.call('PATCH', '/v1/users/me/settings', { body })).toMatchObject({ status: 200 });
}

describe.each(stageKinds)('leaderboards on $title', (kind) => {
  const stage = useStage(kind);
  let mika: Person;
  let ren: Person;

  const standing = ({ rest }: Person, query = '') => rest.get<Standing>(`/v1/leaderboards/me${query}`);
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

  it('P-08: leave out who does not want to be seen', async () => {
    await change(mika.rest, { show_in_leaderboards: false });
    await eventually(async () => expect(await standing(mika)).toMatchObject({ rank: null, hidden: true }), soon);
    await eventually(async () => expect((await cityBoard(ren)).items).toEqual([]), soon);
    await mika.chat.send('/rank');
    await mika.chat.waitForMessage(/chosen not to be shown/, soon);
  });
});
