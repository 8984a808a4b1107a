import { afterAll, beforeAll, expect, it } from 'vitest';
import { CacheUnavailableError, type ScoreChange, type ScoreSets } from '#cache';
import { GetLeaderboardHistory, RebuildLeaderboards, ReverseRecord, UserStatusChanged } from '#contracts';
import { addDays, communityDay, communityDayStart } from '#calendar';
import { sqlTime, type SqlTime } from '#database';
import { eventually } from '#testing';
import { onEachDatabase } from '#testing/engines';
import { memberCall } from '#testing/service.host';
import { LeaderboardPlace } from './leaderboard.fixture.js';
import { currentPeriods, fullHour, markOf, setsOf } from './leaderboard.rules.js';

const dayMs = 86_400_000;
const minuteMs = 60_000;
const timezone = 'Asia/Shanghai';
/** More than the keeper takes at a time. */
const crowd = 450;

/** Loses the generation that is being written, after so many writings. */
function lostAfter(sets: ScoreSets, writings: number): ScoreSets {
  let written = 0;
  const put = async (changes: readonly ScoreChange[]): Promise<void> => {
    await sets.put(changes);
    const [made = ''] = changes[0]?.set.split(':') ?? [];
    if ((written += 1) === writings) await sets.drop(`${made}:`);
  };
  return Object.assign(Object.create(sets) as ScoreSets, { put });
}

/** Writes, and is gone before it says so. */
function goneAfterWriting(sets: ScoreSets): ScoreSets {
  const put = async (changes: readonly ScoreChange[]): Promise<void> => {
    await sets.put(changes);
    throw new CacheUnavailableError(new Error('gone'));
  };
  return Object.assign(Object.create(sets) as ScoreSets, { put });
}

/** Does something else from so many boards on. */
function afterPages(sets: ScoreSets, boards: number, then: ScoreSets['page']): ScoreSets {
  let asked = 0;
  const page: ScoreSets['page'] = (...board) => ((asked += 1) <= boards ? sets.page(...board) : then(...board));
  return Object.assign(Object.create(sets) as ScoreSets, { page });
}

function goneAfterPages(sets: ScoreSets, boards: number): ScoreSets {
  return afterPages(sets, boards, () => Promise.reject(new CacheUnavailableError(new Error('gone'))));
}

function lostAfterPages(sets: ScoreSets, boards: number, prefix: string): ScoreSets {
  return afterPages(sets, boards, async (...board) => {
    await sets.drop(prefix);
    return sets.page(...board);
  });
}

onEachDatabase('the keeper of leaderboards', (engine) => {
  const place = new LeaderboardPlace();
  const known = (userId: number) =>
    eventually(async () =>
      expect(
        await place.database.reader.one('SELECT user_id FROM leaderboard_members WHERE user_id = ?', [userId]),
      ).toBeDefined(),
    );
  const generation = async () =>
    (await place.database.reader.one<{ generation: string }>('SELECT generation FROM leaderboard_state'))?.generation;

  beforeAll(async () => {
    // The job itself sleeps: rounds are made when a test wants them.
    await place.start(engine, { LEADERBOARD_INTERVAL_MS: '3600000' });
    for (const userId of [1, 2, 3]) {
      await place.meet(userId);
      await known(userId);
    }
  });
  afterAll(() => place.stop());

  it('P-08: says that boards are being made anew where they are lost, never that nobody is on them', async () => {
    await expect(place.standing(1)).rejects.toMatchObject({ errorName: 'leaderboard.not_ready' });
    const keeper = place.keeper();
    await place.checkIn(1);
    const lost = await keeper.keepUp(place.now);
    await eventually(async () => expect(await place.standing(1)).toMatchObject({ rank: 1, score: 10 }));
    expect(await place.standing(2)).toMatchObject({ rank: null });
    expect((await place.board({ page: 50 })).items).toEqual([]);
    await place.sets.drop(`${lost}:`);
    await expect(place.standing(1)).rejects.toMatchObject({ errorName: 'leaderboard.not_ready' });
    await expect(place.board()).rejects.toMatchObject({ errorName: 'leaderboard.not_ready' });
    await keeper.keepUp(place.now);
    expect(await place.standing(1)).toMatchObject({ rank: 1, score: 10 });
  });

  it('P-08: does not take boards for whole that were lost while they were made', async () => {
    const before = await generation();
    await place.host.client.command(RebuildLeaderboards, {}, memberCall(1, 'admin'));
    expect(await place.keeper(lostAfter(place.sets, 2)).keepUp(place.now)).toBeNull();
    expect(await generation()).toBe(before);
    expect(await place.standing(1)).toMatchObject({ rank: 1, score: 10 });
    expect(await place.keeper().keepUp(place.now)).not.toBe(before);
    expect(await place.standing(1)).toMatchObject({ rank: 1, score: 10 });
  });

  it('P-08: meets each request for boards made anew, and each once, whatever the clocks of replicas say', async () => {
    const keeper = place.keeper();
    const ask = () => place.host.client.command(RebuildLeaderboards, {}, memberCall(1, 'admin'));
    const inMinutes = (minutes: number) => new Date(place.now.getTime() + minutes * minuteMs);
    await ask();
    const behind = await keeper.keepUp(inMinutes(-1));
    expect(await keeper.keepUp(place.now)).toBe(behind);
    await ask();
    const ahead = await keeper.keepUp(inMinutes(1));
    expect(ahead).not.toBe(behind);
    await ask();
    expect(await keeper.keepUp(place.now)).not.toBe(ahead);
    expect(await place.standing(1)).toMatchObject({ rank: 1, score: 10 });
  });

  it('P-08: takes away what was left of boards whose making was broken off', async () => {
    const leftover = async () =>
      (await place.database.reader.one<{ leftover: string | null }>('SELECT leftover FROM leaderboard_state'))
        ?.leftover;
    expect(await leftover()).toBeNull();
    await place.host.client.command(RebuildLeaderboards, {}, memberCall(1, 'admin'));
    await expect(place.keeper(goneAfterWriting(place.sets)).keepUp(place.now)).rejects.toThrow(CacheUnavailableError);
    const broken = markOf((await leftover()) ?? '');
    expect(await place.sets.size(broken)).toBe(1);
    expect(await place.standing(1)).toMatchObject({ rank: 1, score: 10 });
    await place.keeper().keepUp(place.now);
    expect(await place.sets.size(broken)).toBe(0);
    expect(await leftover()).toBeNull();
    expect(await place.standing(1)).toMatchObject({ rank: 1, score: 10 });
  });

  it('P-08: finds whoever wants to be hidden, also where it died after putting them on a board', async () => {
    await place.keeper().keepUp(place.now);
    await place.meet(6);
    await known(6);
    await place.checkIn(6);
    await expect(place.keeper(goneAfterWriting(place.sets)).keepUp(place.now)).rejects.toThrow(CacheUnavailableError);
    expect(await place.standing(6)).toMatchObject({ rank: 1, hidden: false });
    await place.move(6, 1, 'CN-SH', 'Shanghai', false);
    const keeper = place.keeper();
    await eventually(async () => {
      await keeper.keepUp(place.now);
      expect(await place.standing(6)).toMatchObject({ rank: null, hidden: true });
    });
  });

  it('P-08: takes everybody, however many were touched within one millisecond', async () => {
    const keeper = place.keeper();
    await keeper.keepUp(place.now);
    const touched_at = sqlTime(place.now);
    const userIds = Array.from({ length: crowd }, (_, index) => 5_000 + index);
    await place.database.transaction(async (tx) => {
      const members = userIds.map((user_id) => ({ user_id, display_name: '', listed: '[]', touched_at }));
      await tx.insert('leaderboard_members', members);
      const account = { balance: 3, frozen: 0, lifetime_earned: 3, version: 1, updated_at: touched_at };
      await tx.insert(
        'point_accounts',
        userIds.map((user_id) => ({ user_id, ...account })),
      );
    });
    await keeper.keepUp(place.now);
    expect((await place.board({ page_size: 1 })).members).toBe(crowd + 1);
  });

  it('P-08: keeps the name that a member has chosen, also when the first event is heard last', async () => {
    await place.move(21, 1, 'CN-SH', null);
    await known(21);
    await place.meet(21, 'From Telegram');
    await place.meet(22, 'From Telegram');
    await known(22);
    const rows = await place.database.reader.query(
      'SELECT display_name FROM leaderboard_members WHERE user_id IN (21, 22) ORDER BY user_id',
    );
    expect(rows).toEqual([{ display_name: 'Member 21' }, { display_name: 'From Telegram' }]);
  });

  it('P-08: an hour that is broken off between two boards is whole after a restart, each board once', async () => {
    const { signal } = new AbortController();
    const keeper = place.keeper();
    const cities = { 31: 'Lu', 32: 'Lü' };
    for (const [userId, city] of Object.entries(cities)) {
      await place.meet(Number(userId));
      await place.move(Number(userId), 1, 'CN-HN', city);
      await place.checkIn(Number(userId));
    }
    await eventually(async () => {
      await keeper.keepUp(place.now);
      for (const userId of [31, 32]) expect(await place.standing(userId, { scope: 'city' })).toMatchObject({ rank: 1 });
    });
    const began = place.now;
    const later = new Date(began.getTime() + minuteMs);
    const record = async (at: Date, sets = place.sets): Promise<void> =>
      place.recorder(sets).recordHour((await generation()) ?? '', at, signal);
    const written = () =>
      place.database.reader.query<{ board: string; position: number; recorded_at: SqlTime }>(
        'SELECT board, position, recorded_at FROM leaderboard_snapshots WHERE taken_at = ? ORDER BY id LIMIT 1000',
        [sqlTime(fullHour(began))],
      );
    const boardsOf = (rows: readonly { board: string }[]) => [...new Set(rows.map(({ board }) => board))];

    await expect(record(began, goneAfterPages(place.sets, 3))).rejects.toThrow(CacheUnavailableError);
    expect(boardsOf(await written())).toHaveLength(3);
    // Boards that are lost are not taken for boards that nobody is on.
    await record(later, lostAfterPages(place.sets, 2, `${await generation()}:`));
    expect(boardsOf(await written())).toHaveLength(5);
    await keeper.keepUp(place.now);
    await record(later);
    const rows = await written();
    const scopes = ['national', 'province:CN-HN', 'city:CN-HN:lu', 'city:CN-HN:lü'];
    const periods = currentPeriods(communityDay(began, timezone));
    expect(boardsOf(rows).toSorted()).toEqual(
      setsOf('', periods, scopes)
        .map(({ name }) => name)
        .toSorted(),
    );
    expect(new Set(rows.map(({ board, position }) => `${board} ${position}`)).size).toBe(rows.length);
    expect(boardsOf(rows.filter(({ recorded_at }) => recorded_at === sqlTime(began)))).toHaveLength(3);
    await record(new Date(later.getTime() + minuteMs));
    expect(await written()).toEqual(rows);

    const wanted = { metric: 'points', period: 'all', scope: 'city', at: later.toISOString() } as const;
    expect(await place.host.client.query(GetLeaderboardHistory, wanted, memberCall(32))).toMatchObject({
      taken_at: fullHour(began).toISOString(),
      recorded_at: later.toISOString(),
      members: 1,
      items: [{ rank: 1, name: 'Member 32', is_me: true }],
    });
  });

  it('P-01, P-08: takes from every board what an admin has taken back', async () => {
    const keeper = place.keeper();
    await place.checkIn(2);
    await keeper.keepUp(place.now);
    for (const period of ['day', 'week', 'month', 'all'] as const)
      expect(await place.standing(2, { period })).toMatchObject({ rank: 1, score: 10 });
    const record = await place.database.reader.one<{ id: number }>('SELECT id FROM point_records WHERE user_id = 2');
    const admin = memberCall(900, 'admin', { stepped_up: true });
    const wish = { record_id: record?.id ?? 0, reason: 'not there that day' };
    await place.host.client.command(ReverseRecord, wish, admin);
    await keeper.keepUp(place.now);
    for (const period of ['day', 'week', 'month', 'all'] as const)
      expect([period, await place.standing(2, { period })]).toMatchObject([period, { rank: null, score: 0 }]);
    expect(await place.standing(2, { metric: 'check_in_days' })).toMatchObject({ score: 1 });
  });

  it('P-08: a member who moves leaves the boards of the old city, with what the month has brought', async () => {
    const keeper = place.keeper();
    const inCity = (userId: number) => place.standing(userId, { scope: 'city', period: 'month' });
    for (const [userId, city] of [
      [1, 'Shanghai'],
      [3, '  SHANGHAI '],
    ] as const)
      await place.move(userId, 1, 'CN-SH', city);
    await place.checkIn(3);
    await eventually(async () => {
      await keeper.keepUp(place.now);
      expect(await inCity(1)).toMatchObject({ members: 2, rank: 1, score: 10, percentile: 0, points_to_next: null });
    });
    expect((await place.board({ scope: 'city', period: 'month' })).items).toMatchObject([
      { rank: 1, name: 'Member 1' },
      { rank: 1, name: 'Member 3' },
    ]);
    await place.move(3, 2, 'CN-BJ', 'Shanghai');
    await eventually(async () => {
      await keeper.keepUp(place.now);
      expect(await inCity(3)).toMatchObject({ members: 1, rank: 1, score: 10, percentile: 100 });
    });
    expect(await inCity(1)).toMatchObject({ members: 1, rank: 1 });
    // An older event that comes late changes nothing.
    await place.move(3, 1, 'CN-SH', 'Shanghai');
    await place.move(3, 3, 'CN-BJ', null);
    await eventually(() => expect(inCity(3)).rejects.toMatchObject({ errorName: 'leaderboard.no_region' }));
    expect(await place.standing(3, { scope: 'province' })).toMatchObject({ place: 'CN-BJ', members: 1 });
  });

  it('P-08: what was made anew while members went on is what the tables say', async () => {
    await place.host.client.command(RebuildLeaderboards, {}, memberCall(1, 'admin'));
    const keeper = place.keeper();
    const arrivals = Array.from({ length: 30 }, (_, index) => 100 + index);
    await Promise.all(arrivals.map((userId) => place.meet(userId)));
    await Promise.all([
      keeper.keepUp(place.now),
      ...arrivals.map((userId) => place.checkIn(userId)),
      place.host.tell(UserStatusChanged, { user_id: 1, status: 'banned', previous: 'active', reason: null }),
    ]);
    await eventually(async () => {
      await keeper.keepUp(place.now);
      const rows = await place.database.reader.query<{ user_id: number; score: number }>(
        `SELECT a.user_id, a.lifetime_earned AS score FROM point_accounts a
         JOIN leaderboard_members m ON m.user_id = a.user_id AND m.is_shown = 1 AND m.is_active = 1
         WHERE a.lifetime_earned > 0 ORDER BY a.lifetime_earned DESC, a.user_id LIMIT 1000`,
      );
      expect(rows.map(({ user_id }) => user_id)).toEqual(expect.arrayContaining(arrivals));
      const generation = await place.keeper().keepUp(place.now);
      const board = await place.sets.top(`${generation}:points:all:national`, 0, 1_000);
      expect(board).toEqual(rows.map(({ user_id, score }) => ({ member: user_id, score: Number(score) })));
    });
  });

  it('P-08: the boards of a day that is over go, also when nobody was at work at midnight', async () => {
    const generation = await place.keeper().keepUp(place.now);
    const today = `${generation}:points:day-${place.now.toISOString().slice(0, 10)}:national`;
    expect(await place.sets.size(today)).toBeGreaterThan(0);
    await place.host.moveClock(dayMs);
    await place.keeper().keepUp(place.now);
    expect(await place.sets.size(today)).toBe(0);
  });

  it('P-08: month and week turn at midnight of the community, eight hours before UTC does', async () => {
    const keeper = place.keeper();
    const nextMonth = `${addDays(`${communityDay(place.now, timezone).slice(0, 8)}01`, 31).slice(0, 8)}01`;
    // 0 is Sunday: a Monday after the first of the month.
    const weekday = new Date(`${nextMonth}T00:00:00Z`).getUTCDay();
    const monday = addDays(nextMonth, 7 - ((weekday + 6) % 7));
    // Clocks do not go back: the earlier one first.
    for (const [period, day, userId] of [
      ['month', nextMonth, 40],
      ['week', monday, 41],
    ] as const) {
      const edge = communityDayStart(day, timezone).getTime();
      const at = (minutes: number) => place.host.moveClock(edge + minutes * minuteMs - place.host.homeTime.getTime());
      const score = async (metric: 'points' | 'check_in_days') => {
        await keeper.keepUp(place.now);
        return (await place.standing(userId, { period, metric })).score;
      };
      await place.meet(userId);
      await known(userId);
      await at(-30);
      await place.checkIn(userId);
      expect([period, await score('points'), await score('check_in_days')]).toEqual([period, 10, 1]);
      await at(30);
      expect([period, await score('points'), await score('check_in_days')]).toEqual([period, 0, 0]);
      await place.checkIn(userId);
      // A round that began before midnight has seen it, and has put it onto the boards that are over.
      await keeper.keepUp(new Date(edge - 1));
      expect([period, await score('points'), await score('check_in_days')]).toEqual([period, 10, 1]);
      expect(await place.standing(userId)).toMatchObject({ score: 20 });
    }
  });
});
