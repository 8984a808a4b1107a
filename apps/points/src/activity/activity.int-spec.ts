import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  ActivityCancelled,
  ActivityCompleted,
  ActivityMoved,
  ActivityPlaceFreed,
  AppError,
  ChangeActivity,
  CompleteActivity,
  CreateActivity,
  DecideParticipation,
  GetActivity,
  GetAdminActivity,
  GetBalance,
  JoinActivity,
  LeaveActivity,
  ListActivities,
  ListParticipants,
  ListPointRecords,
  SetActivityState,
  type AdminActivity,
  type InputOf,
} from '#contracts';
import { eventually } from '#testing';
import { onEachDatabase } from '#testing/engines';
import { memberCall, ServiceHost } from '#testing/service.host';
import { pointsService } from '../points.module.js';

const hourMs = 3_600_000;
const admin = memberCall(900, 'admin');
const text = (word: string) => ({ zh: `活动 ${word}`, en: `Activity ${word}`, ru: `Событие ${word}` });
const inHours = (hours: number): string => new Date(Date.now() + hours * hourMs).toISOString();

onEachDatabase('activities', (engine) => {
  let host: ServiceHost;
  beforeAll(async () => {
    host = await ServiceHost.start(pointsService, engine);
  });
  afterAll(() => host.stop());

  const wish = (change: Partial<InputOf<typeof CreateActivity>> = {}): InputOf<typeof CreateActivity> => ({
    title: text('photo walk'),
    description: text('bring a camera'),
    starts_at: inHours(1),
    ends_at: inHours(3),
    capacity: 10,
    points: 50,
    way: 'approval',
    ...change,
  });
  const open = async (change: Partial<InputOf<typeof CreateActivity>> = {}): Promise<AdminActivity> => {
    const { id } = await host.client.command(CreateActivity, wish(change), admin);
    return host.client.command(SetActivityState, { id, state: 'open' }, admin);
  };
  const refused = (name: string) => expect.objectContaining({ errorName: name });
  const join = (id: number, userId: number) => host.client.command(JoinActivity, { id }, memberCall(userId));
  const balanceOf = async (userId: number) => (await host.client.query(GetBalance, {}, memberCall(userId))).balance;

  it('P-05: 200 at once want the last place, and one gets it', async () => {
    const { id } = await open({ capacity: 1 });
    const tries = await Promise.allSettled(Array.from({ length: 200 }, (_, index) => join(id, 1000 + index)));
    expect(tries.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    const names = tries.flatMap((result) =>
      result.status === 'rejected' ? [(result.reason as AppError).errorName] : [],
    );
    expect(new Set(names)).toEqual(new Set(['activity.full']));
    expect(await host.client.query(GetAdminActivity, { id }, admin)).toMatchObject({ joined: 1, waiting: 0 });
  });

  it('P-05: who waits gets the place that is given back, in turn, and more places make room', async () => {
    const { id } = await open({ capacity: 1, waitlist: true });
    expect((await join(id, 1)).participation?.status).toBe('joined');
    expect((await join(id, 2)).participation?.status).toBe('waiting');
    expect((await join(id, 3)).participation?.status).toBe('waiting');
    await expect(join(id, 2)).rejects.toEqual(refused('activity.already_joined'));
    await host.client.command(LeaveActivity, { id }, memberCall(1));
    const statusOf = async (userId: number) =>
      (await host.client.query(GetActivity, { id }, memberCall(userId))).participation?.status;
    expect([await statusOf(1), await statusOf(2), await statusOf(3)]).toEqual(['left', 'joined', 'waiting']);
    await host.client.command(ChangeActivity, { id, capacity: 5 }, admin);
    expect(await statusOf(3)).toBe('joined');
    expect((await join(id, 1)).participation?.status).toBe('joined');
    await expect(host.client.command(ChangeActivity, { id, capacity: 2 }, admin)).rejects.toEqual(
      refused('activity.invalid'),
    );
    await eventually(() => {
      const promoted = host.payloadsOf(ActivityPlaceFreed).filter(({ activity_id }) => activity_id === id);
      expect(promoted.map(({ user_id }) => user_id)).toEqual([2, 3]);
    });
    const { items, total } = await host.client.query(ListParticipants, { id, status: 'joined' }, admin);
    expect([items.map(({ user_id }) => user_id).sort(), total]).toEqual([[1, 2, 3], 3]);
  });

  it('P-05: the code of the event gives the points once, and wrong ones are counted', async () => {
    const { id } = await open({ way: 'code', code: 'stage2026', points: 80 });
    await join(id, 11);
    const complete = (code: string) => host.client.command(CompleteActivity, { id, code }, memberCall(11));
    await expect(complete('stage2026')).rejects.toEqual(refused('activity.not_running'));
    await host.moveClock(2 * hourMs);
    for (const left of [4, 3, 2])
      await expect(complete('wrong')).rejects.toMatchObject({
        errorName: 'activity.code_wrong',
        params: { tries_left: left },
      });
    await expect(host.client.command(LeaveActivity, { id }, memberCall(11))).rejects.toEqual(
      refused('activity.already_started'),
    );
    const tries = await Promise.allSettled(Array.from({ length: 20 }, () => complete('STAGE-2026')));
    const done = tries.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
    expect(done).toMatchObject([{ points: 80, balance: 80, activity: { participation: { status: 'completed' } } }]);
    expect(await balanceOf(11)).toBe(80);
    const { items } = await host.client.query(ListPointRecords, {}, memberCall(11));
    expect(items).toMatchObject([{ type: 'activity', points: 80 }]);
    await eventually(() =>
      expect(host.payloadsOf(ActivityCompleted).filter(({ activity_id }) => activity_id === id)).toHaveLength(1),
    );
    await expect(host.client.command(CompleteActivity, { id, code: 'x' }, memberCall(12))).rejects.toEqual(
      refused('activity.not_joined'),
    );
    await host.moveClock(0);
  });

  it('P-05: five wrong codes lock out for a while, also when thirty are guessed at once', async () => {
    const { id } = await open({ way: 'code', code: 'KABUKI', starts_at: inHours(-1) });
    await join(id, 13);
    const complete = (code: string) => host.client.command(CompleteActivity, { id, code }, memberCall(13));
    const guesses = await Promise.allSettled(Array.from({ length: 30 }, (_, guess) => complete(`GUESS${guess}`)));
    const refusals = guesses.flatMap((guess) =>
      guess.status === 'rejected' ? [(guess.reason as AppError).errorName] : [],
    );
    expect(refusals.filter((name) => name === 'activity.code_wrong')).toHaveLength(5);
    expect(refusals.filter((name) => name === 'activity.too_many_tries')).toHaveLength(25);
    await expect(complete('KABUKI')).rejects.toEqual(refused('activity.too_many_tries'));
    await host.moveClock(hourMs / 3);
    expect((await complete('kabuki')).points).toBe(50);
    await host.moveClock(0);
  });

  it('P-05: being there gives the points, being elsewhere or anywhere does not', async () => {
    const place = { latitude: 31.2304, longitude: 121.4737, radius_m: 150 };
    const { id } = await open({ way: 'geofence', ...place, starts_at: inHours(-1) });
    await join(id, 21);
    const be = (latitude: number, accuracy_m?: number) =>
      host.client.command(CompleteActivity, { id, latitude, longitude: 121.4737, accuracy_m }, memberCall(21));
    await expect(be(31.24)).rejects.toMatchObject({ errorName: 'activity.too_far', params: { radius_m: 150 } });
    await expect(be(31.2304, 5000)).rejects.toEqual(refused('activity.location_too_vague'));
    await expect(host.client.command(CompleteActivity, { id, code: 'x' }, memberCall(21))).rejects.toEqual(
      refused('activity.wrong_way'),
    );
    expect(await be(31.231, 20)).toMatchObject({ points: 50, balance: 50 });
    await expect(be(31.231, 20)).rejects.toEqual(refused('activity.already_completed'));
  });

  it('P-05: an admin confirms who took part, from the start on, once each', async () => {
    const { id } = await open();
    for (const userId of [31, 32, 33]) await join(id, userId);
    const decide = (user_ids: number[], approved: boolean, reason?: string) =>
      host.client.command(DecideParticipation, { id, user_ids, approved, reason }, admin);
    await expect(decide([31], true)).rejects.toEqual(refused('activity.not_running'));
    await host.moveClock(2 * hourMs);
    const asked = await host.client.command(CompleteActivity, { id, note: 'in the red wig' }, memberCall(31));
    expect(asked).toMatchObject({ points: null, balance: null });
    expect(asked.activity.participation?.requested_at).not.toBeNull();
    await expect(decide([33], false)).rejects.toEqual(refused('activity.invalid'));
    await join(id, 900);
    await expect(decide([31, 900], true)).rejects.toEqual(refused('adjustment.second_admin_required'));
    expect([await balanceOf(31), await balanceOf(900)]).toEqual([0, 0]);
    const other = memberCall(901, 'admin');
    const ofAdmin = { id, user_ids: [900], approved: true };
    expect((await host.client.command(DecideParticipation, ofAdmin, other)).decided).toEqual([900]);
    expect(await decide([33], false, 'nobody saw you')).toEqual({ decided: [33], skipped: [] });
    await host.client.command(SetActivityState, { id, state: 'closed' }, admin);
    const both = await Promise.all([decide([31, 32, 40], true), decide([32, 31, 40], true)]);
    expect(both.flatMap(({ decided }) => decided).sort()).toEqual([31, 32]);
    expect(await decide([33], true)).toEqual({ decided: [33], skipped: [] });
    expect([await balanceOf(31), await balanceOf(32), await balanceOf(33)]).toEqual([50, 50, 50]);
    expect((await decide([31, 40], true)).skipped).toEqual([
      { user_id: 31, because: 'decided_already' },
      { user_id: 40, because: 'not_joined' },
    ]);
    await host.moveClock(0);
  });

  it('P-05: a draft is not there for members; cancelling tells those who had a place and is for ever', async () => {
    const { id } = await host.client.command(CreateActivity, wish({ capacity: 1, waitlist: true }), admin);
    await expect(join(id, 41)).rejects.toEqual(refused('activity.not_found'));
    await host.client.command(SetActivityState, { id, state: 'open' }, admin);
    await join(id, 41);
    await join(id, 42);
    const cancelled = await host.client.command(SetActivityState, { id, state: 'cancelled' }, admin);
    expect(cancelled.state).toBe('cancelled');
    await expect(join(id, 43)).rejects.toEqual(refused('activity.not_open'));
    await expect(host.client.command(SetActivityState, { id, state: 'open' }, admin)).rejects.toEqual(
      refused('activity.state_conflict'),
    );
    await expect(host.client.command(ChangeActivity, { id, points: 60 }, admin)).rejects.toEqual(
      refused('activity.state_conflict'),
    );
    await eventually(() =>
      expect(host.payloadsOf(ActivityCancelled)).toMatchObject([{ activity_id: id, user_ids: [41, 42] }]),
    );
    const { items } = await host.client.query(ListActivities, { list: 'mine' }, memberCall(41));
    expect(items).toMatchObject([{ id, state: 'cancelled', participation: { status: 'joined' } }]);
  });

  it('P-05: whoever got a place while it was cancelled is told, and nobody gets one afterwards', async () => {
    const { id } = await open({ capacity: 30, waitlist: true });
    const [tries] = await Promise.all([
      Promise.allSettled(Array.from({ length: 40 }, (_, index) => join(id, 2000 + index))),
      host.client.command(SetActivityState, { id, state: 'cancelled' }, admin),
    ]);
    const got = tries.flatMap((result) => (result.status === 'fulfilled' ? [result.value.participation?.status] : []));
    const taken = await host.client.query(GetAdminActivity, { id }, admin);
    expect([taken.joined, taken.waiting]).toEqual(
      ['joined', 'waiting'].map((status) => got.filter((state) => state === status).length),
    );
    await expect(join(id, 2100)).rejects.toEqual(refused('activity.not_open'));
    const { items } = await host.client.query(ListParticipants, { id, page_size: 100 }, admin);
    await eventually(() => {
      const told = host.payloadsOf(ActivityCancelled).filter(({ activity_id }) => activity_id === id);
      expect(told.flatMap(({ user_ids }) => user_ids).sort()).toEqual(items.map(({ user_id }) => user_id).sort());
    });
  });

  it('P-05: an admin who takes places away while members join takes none that is given', async () => {
    const { id } = await open({ capacity: 20 });
    const joins = Array.from({ length: 20 }, (_, index) => join(id, 2200 + index));
    const [tries, [changed]] = await Promise.all([
      Promise.allSettled(joins),
      Promise.allSettled([host.client.command(ChangeActivity, { id, capacity: 8 }, admin)]),
    ]);
    const got = tries.filter(({ status }) => status === 'fulfilled').length;
    const { joined, capacity } = await host.client.query(GetAdminActivity, { id }, admin);
    expect([joined, capacity]).toEqual([got, changed?.status === 'fulfilled' ? 8 : 20]);
    expect(got).toBe(changed?.status === 'fulfilled' ? 8 : 20);
  });

  it('P-05: who has a place or waits is told when it moves, and of nothing else', async () => {
    const { id, starts_at } = await open({ capacity: 1, waitlist: true });
    await join(id, 2301);
    await join(id, 2302);
    const change = (wanted: object) => host.client.command(ChangeActivity, { id, ...wanted }, admin);
    await change({ points: 60, starts_at });
    const ends_at = inHours(5);
    await change({ ends_at });
    await eventually(() => {
      const told = host.payloadsOf(ActivityMoved).filter(({ activity_id }) => activity_id === id);
      expect(told).toMatchObject([{ starts_at, ends_at, user_ids: [2301, 2302] }]);
    });
  });

  it('P-05: a change that turns the times around is refused, and nothing of it is kept', async () => {
    const { id, ends_at } = await open();
    const turned = { id, title: text('turned'), ends_at: inHours(0.5) };
    await expect(host.client.command(ChangeActivity, turned, admin)).rejects.toMatchObject({
      errorName: 'activity.invalid',
      params: { problems: [{ path: 'ends_at', problem: 'before_start' }] },
    });
    expect(await host.client.query(GetAdminActivity, { id }, admin)).toMatchObject({
      title: text('photo walk'),
      ends_at,
    });
  });

  it.each([
    ['points below 20', { points: 19 }, 'request.invalid'],
    ['points above 100', { points: 101 }, 'request.invalid'],
    ['points in parts', { points: 20.5 }, 'request.invalid'],
    ['no places', { capacity: 0 }, 'request.invalid'],
    ['a code that nobody knows', { way: 'code' as const }, 'activity.invalid'],
    ['no place to be at', { way: 'geofence' as const }, 'activity.invalid'],
    ['an end before the start', { ends_at: inHours(0.5) }, 'activity.invalid'],
  ])('P-05: refuses an activity with %s', async (_what, change, name) => {
    await expect(host.client.command(CreateActivity, wish(change), admin)).rejects.toEqual(refused(name));
  });

  it('P-05: only admins make activities, and the code stays with them', async () => {
    await expect(host.client.command(CreateActivity, wish(), memberCall(50))).rejects.toEqual(
      refused('auth.forbidden'),
    );
    const { id } = await open({ way: 'code', code: 'SECRET7' });
    expect(JSON.stringify(await host.client.query(GetActivity, { id }, memberCall(50)))).not.toContain('SECRET7');
    await eventually(() => expect(JSON.stringify(host.events)).toContain(`"activity_id":${id}`));
    expect(JSON.stringify(host.events)).not.toContain('SECRET7');
  });
});
