import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  ErasureStarted,
  GetLeaderboard,
  GetLeaderboardHistory,
  GetMyStanding,
  GroupMemberChanged,
  LeaderboardsRebuilt,
  ProfileCompleted,
  RebuildLeaderboards,
  UserChanged,
  UserStatusChanged,
} from '#contracts';
import { conditionOf } from '#service';
import { eventually } from '#testing';
import { onEachDatabase } from '#testing/engines';
import { memberCall, type ServiceHost } from '#testing/service.host';
import { pointsPersonalData } from '../personal.data.js';
import { LeaderboardPlace } from './leaderboard.fixture.js';

const dayMs = 86_400_000;

onEachDatabase('leaderboards', (engine) => {
  const place = new LeaderboardPlace();
  let host: ServiceHost;
  const meet = place.meet.bind(place);
  const standing = place.standing.bind(place);
  const board = place.board.bind(place);
  const checkIn = place.checkIn.bind(place);

  beforeAll(async () => {
    await place.start(engine, { LEADERBOARD_INTERVAL_MS: '50' });
    host = place.host;
    for (const userId of [1, 2, 3, 4]) await meet(userId);
    await eventually(() => expect(host.payloadsOf(LeaderboardsRebuilt).length).toBeGreaterThan(0));
  });
  afterAll(() => place.stop());

  it('P-08: rank members by points and days, equal scores equally, and say how far the next place is', async () => {
    for (const userId of [1, 2, 3]) await checkIn(userId);
    await host.moveClock(dayMs);
    await checkIn(3);
    await eventually(async () => expect((await standing(3)).score).toBe(20));
    expect((await board()).items).toEqual([
      { rank: 1, name: 'Member 3', score: 20, is_me: false },
      { rank: 2, name: 'Member 1', score: 10, is_me: true },
      { rank: 2, name: 'Member 2', score: 10, is_me: false },
    ]);
    expect(await standing(2, { neighbours: 2 })).toMatchObject({
      rank: 2,
      score: 10,
      members: 3,
      percentile: 0,
      points_to_next: 10,
      hidden: false,
      neighbours: [],
    });
    expect(await standing(3)).toMatchObject({ rank: 1, percentile: 100, points_to_next: null });
    expect(await standing(3, { metric: 'check_in_days' })).toMatchObject({ rank: 1, score: 2 });
    expect(await standing(1, { period: 'day' })).toMatchObject({ rank: null, score: 0, percentile: null });
    await eventually(async () =>
      expect(await standing(3, { period: 'day' })).toMatchObject({ rank: 1, score: 10, members: 1 }),
    );
    expect(await standing(4)).toMatchObject({ rank: null });
    expect((await board({ page: 2, page_size: 2 })).items).toMatchObject([{ rank: 2, name: 'Member 2' }]);
  });

  it('P-08: show the national board to VIP members only, and neighbours to whom the board is open', async () => {
    const wanted = { metric: 'points', period: 'all', scope: 'national' } as const;
    await expect(host.client.query(GetLeaderboard, wanted, memberCall(2))).rejects.toMatchObject({
      errorName: 'leaderboard.vip_only',
    });
    const asVip = await host.client.query(GetMyStanding, { ...wanted, neighbours: 1 }, memberCall(1, 'vip'));
    expect(asVip.neighbours).toMatchObject([{ rank: 1 }, { rank: 2, is_me: true }, { rank: 2 }]);
  });

  it('P-08: refuse boards of places and groups that are not known', async () => {
    await expect(standing(1, { scope: 'province' })).rejects.toMatchObject({ errorName: 'leaderboard.no_region' });
    await expect(standing(1, { scope: 'city' })).rejects.toMatchObject({ errorName: 'leaderboard.no_region' });
    for (const chat_id of [undefined, '-1001']) {
      await expect(standing(1, { scope: 'group', ...(chat_id && { chat_id }) })).rejects.toMatchObject({
        errorName: 'leaderboard.group_unknown',
      });
    }
  });

  it('P-08: leave out who is banned, until the ban is lifted', async () => {
    const change = (status: 'banned' | 'active', previous: 'banned' | 'active'): Promise<void> =>
      host.tell(UserStatusChanged, { user_id: 3, status, previous, reason: null });
    await change('banned', 'active');
    await eventually(async () =>
      expect((await board()).items).toMatchObject([{ name: 'Member 1', rank: 1 }, { rank: 1 }]),
    );
    await change('active', 'banned');
    await eventually(async () => expect((await board()).items).toMatchObject([{ name: 'Member 3', rank: 1 }, {}, {}]));
    // Who may ask is known a second after it is heard, and not when the boards know it.
    await eventually(async () => expect(await standing(3)).toMatchObject({ rank: 1 }));
  });

  it('U-15, P-08: forget who is erased, though no deletion was pending before', async () => {
    const names = async () => (await board()).items.map(({ name }) => name);
    await meet(17);
    await checkIn(17);
    await eventually(async () => expect(await names()).toContain('Member 17'));
    await host.tell(ErasureStarted, { user_id: 17 });
    await host.tell(UserStatusChanged, { user_id: 17, status: 'erased', previous: 'active', reason: null });
    await eventually(async () => {
      expect(await names()).toEqual(['Member 3', 'Member 1', 'Member 2']);
      const rows = await host.database.reader.query(
        'SELECT display_name, is_active, listed FROM leaderboard_members WHERE user_id = 17',
      );
      expect(rows).toEqual([{ display_name: '', is_active: 0, listed: '[]' }]);
    });
    expect((await standing(3)).members).toBe(3);
  });

  it('U-15: learn nothing of who is erased, nor does anything else here, however late it is told', async () => {
    const kept = (): Promise<unknown[][]> =>
      Promise.all(
        pointsPersonalData.map((table) =>
          place.database.reader.query(
            `SELECT * FROM ${table.table} WHERE ${conditionOf(table)} ORDER BY ${table.key}`,
            [17],
          ),
        ),
      );
    const before = await kept();
    await meet(17);
    await host.tell(UserChanged, { user_id: 17, first_name: 'Gone', locale: 'en', role: 'member' });
    await place.move(17, 9, 'Sichuan', 'Chengdu');
    await host.tell(GroupMemberChanged, {
      ...{ group_id: 1, chat_id: '-1001', telegram_id: '9017', user_id: 17, standing: 'in', previous: null },
      source: 'chat_member',
      at: place.now.toISOString(),
    });
    await host.tell(ProfileCompleted, { user_id: 17, completed_at: place.now.toISOString() });
    expect(await kept()).toEqual(before);
  });

  it('P-08: are made anew by a command, and by themselves when they are lost', async () => {
    const before = await board();
    const rebuilt = host.payloadsOf(LeaderboardsRebuilt).length;
    await host.client.command(RebuildLeaderboards, {}, memberCall(1, 'admin'));
    await eventually(() => expect(host.payloadsOf(LeaderboardsRebuilt).length).toBe(rebuilt + 1));
    await eventually(async () => expect(await board()).toEqual(before));
    const generation = host.payloadsOf(LeaderboardsRebuilt).at(-1)?.generation ?? '';
    await host.service.runtime.scoreSets?.drop(`${generation}:`);
    await eventually(() => expect(host.payloadsOf(LeaderboardsRebuilt).length).toBe(rebuilt + 2));
    await eventually(async () => expect(await board()).toEqual(before));
  });

  it('P-08: are written down every hour, and can be looked at later', async () => {
    const wanted = { metric: 'points', period: 'all', scope: 'national' } as const;
    const history = (at: Date) =>
      host.client.query(GetLeaderboardHistory, { ...wanted, at: at.toISOString() }, memberCall(1, 'vip'));
    const asked = host.service.runtime.clock.now();
    await host.moveClock(dayMs + 3_600_000);
    const record = await eventually(async () => {
      const found = await history(host.service.runtime.clock.now());
      expect(Date.parse(found.taken_at ?? '')).toBeGreaterThan(asked.getTime() - 1);
      return found;
    });
    expect(record.items).toMatchObject([{ rank: 1, name: 'Member 3', score: 20 }, { rank: 2 }, { rank: 2 }]);
    expect(record.members).toBe(3);
    expect(await history(new Date(asked.getTime() - 30 * dayMs))).toMatchObject({ taken_at: null, items: [] });
  });
});
