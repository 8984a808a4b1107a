import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  AmnestyDeclared,
  CheckIn,
  DayMadeUp,
  DeclareAmnesty,
  GetBalance,
  GetCheckInCalendar,
  GetCheckInToday,
  GrantMakeupCards,
  ListAmnesties,
  MakeUpDay,
  RankReached,
  StreakRecounted,
  UndoAmnesty,
  UserCreated,
} from '#contracts';
import { sqlTime } from '#database';
import { eventually } from '#testing';
import { onEachDatabase } from '#testing/engines';
import { callOf, memberCall, ServiceHost } from '#testing/service.host';
import { registerMembers } from '../ledger/known-member.fixture.js';
import { pointsService } from '../points.module.js';

const dayMs = 86_400_000;
const timezone = 'Asia/Shanghai';
const admin = memberCall(900, 'admin', { stepped_up: true });
const reason = 'asked for by the test';

onEachDatabase('makeup and amnesty', (engine) => {
  let host: ServiceHost;
  beforeAll(async () => {
    host = await ServiceHost.start(pointsService, engine, { POINTS_JOB_INTERVAL_MS: '50' });
    await host.moveToNoon();
  });
  afterAll(() => host.stop());

  /** Checks in on days relative to today, in order. */
  const comeOn = async (userId: number, ...days: number[]) => {
    for (const day of days) {
      await host.moveClock(day * dayMs);
      await host.client.command(CheckIn, {}, memberCall(userId));
    }
    await host.moveClock(0);
  };
  const makeUp = (userId: number, day: number) =>
    host.client.command(MakeUpDay, { day: host.homeDay(day) }, memberCall(userId));
  const calendar = (userId: number) => host.client.query(GetCheckInCalendar, {}, memberCall(userId));
  const calendarOf = (userId: number, day: string) =>
    host.client.query(GetCheckInCalendar, { month: day.slice(0, 7) }, memberCall(userId));
  const streakOf = async (userId: number) =>
    (await host.client.query(GetCheckInToday, {}, memberCall(userId))).streak_days;

  /** A run of days as check-ins have left it behind. */
  const seedDays = async (userId: number, first: number, last: number) => {
    const days = Array.from({ length: last - first + 1 }, (_, index) => index);
    const stepsOf = (streak: number) => ({
      streak_days: streak,
      ...{ streak_weeks: Math.floor(streak / 7), streak_months: Math.floor(streak / 30) },
    });
    await host.service.runtime.database?.transaction(async (tx) => {
      const known = await tx.one<{ total: number | string }>(
        'SELECT COUNT(*) AS total FROM check_ins WHERE user_id = ?',
        [userId],
      );
      const before = Number(known?.total ?? 0);
      const created_at = sqlTime(new Date(host.homeTime.getTime() + last * dayMs));
      const rows = days.map((index) => ({
        ...{ user_id: userId, day: host.homeDay(first + index), total_days: before + index + 1, points: 0 },
        ...{ ...stepsOf(index + 1), timezone, created_at },
      }));
      await tx.insert('check_ins', rows);
      const state = {
        ...{ last_day: host.homeDay(last), last_timezone: timezone, next_check_in_at: created_at },
        ...{ ...stepsOf(days.length), total_days: before + days.length },
      };
      const row = { user_id: userId, balance: 0, frozen: 0, version: 0, updated_at: created_at, ...state };
      await tx.upsert('point_accounts', row, { conflict: ['user_id'], update: Object.keys(state) });
    });
  };

  const register = async (userId: number, at: Date) => {
    const payload = {
      user_id: userId,
      telegram_id: String(userId),
      kind: 'person' as const,
      first_name: 'A',
      locale: 'en' as const,
    };
    await host.broker.publish([
      {
        id: randomUUID(),
        name: UserCreated.name,
        service: 'user',
        occurred_at: at.toISOString(),
        call: callOf({ kind: 'system', name: 'test' }),
        payload,
      },
    ]);
    const read = () =>
      host.service.runtime.database?.reader.one<{ registered_at: string | null }>(
        'SELECT registered_at FROM point_accounts WHERE user_id = ?',
        [userId],
      );
    await eventually(async () => expect((await read())?.registered_at).not.toBeNull());
  };

  describe('P-03: a makeup', () => {
    it('joins two streaks, gives the bonus that was missed, once, and costs a card', async () => {
      await comeOn(1, -7, -6, -5, -3, -2, -1, 0);
      expect(await streakOf(1)).toBe(4);
      const done = await makeUp(1, -4);
      expect(done).toMatchObject({
        streak_days: 8,
        total_days: 8,
        bonuses: [{ streak_days: 8, points: 20 }],
        cards_earned: 1,
        makeup_cards: 3,
        balance: 90,
        rank: { name: 'silver', stars: 1 },
        rank_reached: true,
      });
      expect(await host.client.query(GetBalance, {}, memberCall(1))).toMatchObject({ balance: 90 });
      expect(await streakOf(1)).toBe(8);
      await comeOn(1, 1);
      expect(await streakOf(1)).toBe(9);
      await eventually(() => {
        expect(host.payloadsOf(DayMadeUp)).toMatchObject([{ user_id: 1, day: host.homeDay(-4), streak_days: 8 }]);
        expect(host.payloadsOf(RankReached)).toMatchObject([{ user_id: 1, previous: 'bronze', rank: 'silver' }]);
      });
    });

    it('keeps alive a streak that yesterday would have broken', async () => {
      await comeOn(2, -3, -2);
      expect(await streakOf(2)).toBe(0);
      expect(await makeUp(2, -1)).toMatchObject({ streak_days: 3, makeup_cards: 2, bonuses: [] });
      await comeOn(2, 0);
      expect(await streakOf(2)).toBe(4);
    });

    it('is refused for days that cannot be missed, twice over the limit of a day, and without a card', async () => {
      await comeOn(3, -40, -20, 0);
      const refused = async (day: number, errorName: string) =>
        expect(makeUp(3, day)).rejects.toMatchObject({ errorName });
      await refused(1, 'makeup.day_not_over');
      await refused(0, 'makeup.day_not_over');
      await refused(-20, 'makeup.already_checked_in');
      await refused(-31, 'makeup.outside_window');
      await refused(-41, 'makeup.before_registration');
      await makeUp(3, -30);
      await makeUp(3, -29);
      await refused(-28, 'makeup.daily_limit');
      await host.moveClock(dayMs);
      await makeUp(3, -28);
      await refused(-27, 'makeup.no_card');
      await host.moveClock(0);
      expect((await calendar(3)).makeup_cards).toBe(0);
    });

    it('knows since when a member is here', async () => {
      await register(4, new Date(host.homeTime.getTime() - 3 * dayMs));
      await comeOn(4, 0);
      await expect(makeUp(4, -4)).rejects.toMatchObject({ errorName: 'makeup.before_registration' });
      expect((await calendar(4)).makeups_left_today).toBe(2);
      expect(await makeUp(4, -3)).toMatchObject({ total_days: 2, streak_days: 1 });
      expect((await calendar(4)).makeups_left_today).toBe(1);
    });

    it('of one day by many at once happens once, and of many days stops at the limit', async () => {
      await comeOn(5, -20, 0);
      const once = await Promise.allSettled(Array.from({ length: 10 }, () => makeUp(5, -1)));
      expect(once.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      const many = await Promise.allSettled([-2, -3, -4, -5, -6].map((day) => makeUp(5, day)));
      expect(many.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      expect((await calendar(5)).makeup_cards).toBe(1);
    });

    it('can be paid with a card that an admin gave', async () => {
      await registerMembers(host, [6]);
      const input = { user_id: 6, cards: 4, reason };
      expect(await host.client.command(GrantMakeupCards, input, admin)).toEqual({ user_id: 6, makeup_cards: 7 });
      await expect(host.client.command(GrantMakeupCards, { ...input, cards: 99 }, admin)).rejects.toMatchObject({
        errorName: 'makeup.too_many_cards',
      });
      await expect(host.client.command(GrantMakeupCards, input, memberCall(6))).rejects.toMatchObject({
        errorName: 'auth.forbidden',
      });
    });

    it('needs a card that another admin gave, to somebody who is there', async () => {
      await comeOn(900, 0);
      const grant = (user_id: number, by = admin) =>
        host.client.command(GrantMakeupCards, { user_id, cards: 1, reason }, by);
      await expect(grant(900)).rejects.toMatchObject({ errorName: 'adjustment.second_admin_required' });
      expect((await calendar(900)).makeup_cards).toBe(3);
      // Whose registration has not been heard of yet is known by the check-in.
      expect(await grant(900, memberCall(901, 'admin'))).toEqual({ user_id: 900, makeup_cards: 4 });
      await expect(grant(999_999)).rejects.toMatchObject({ errorName: 'user.not_found' });
      const opened = 'SELECT user_id FROM point_accounts WHERE user_id = 999999';
      expect(await host.database.reader.query(opened)).toEqual([]);
    });
  });

  it('P-02, P-03: day 210 that a makeup completes gives both bonuses and a card, though half a year lies before it', async () => {
    await seedDays(8, -210, -21);
    await seedDays(8, -19, -1);
    expect(await streakOf(8)).toBe(19);
    expect(await makeUp(8, -20)).toMatchObject({
      ...{ streak_days: 210, total_days: 210, balance: 120, cards_earned: 1, makeup_cards: 3 },
      bonuses: [
        { streak_days: 210, points: 20 },
        { streak_days: 210, points: 100 },
      ],
    });
    await comeOn(8, 0);
    expect(await host.client.query(GetCheckInToday, {}, memberCall(8))).toMatchObject({
      ...{ streak_days: 211, total_days: 211 },
      next_bonus: { streak_days: 217, points: 20 },
    });
  });

  it('P-02: the calendar shows a month, and what can be made up in it', async () => {
    await comeOn(7, -10, -2, 0);
    await makeUp(7, -1);
    const month = await calendar(7);
    const kinds = new Map(month.days.map(({ day, kind }) => [day, kind]));
    expect(kinds.get(host.homeDay())).toBe('check_in');
    const previous = host.homeDay(-1).slice(0, 7) === month.month ? 'makeup' : undefined;
    expect(kinds.get(host.homeDay(-1))).toBe(previous);
    expect(month.can_make_up).not.toContain(host.homeDay());
    expect(month.can_make_up.every((day) => day < host.homeDay() && !kinds.has(day) && day >= host.homeDay(-10))).toBe(
      true,
    );
    const empty = await host.client.query(GetCheckInCalendar, { month: '2021-02' }, memberCall(7));
    expect(empty).toMatchObject({ month: '2021-02', days: [], can_make_up: [] });
    const bad = host.client.query(GetCheckInCalendar, { month: '2021-13' }, memberCall(7));
    await expect(bad).rejects.toMatchObject({ errorName: 'request.invalid' });
  });

  it('P-02: an amnesty mends the streaks that an outage broke, tells whose, and can be undone', async () => {
    await comeOn(11, -9, -8, -7, -6, -3, -2, -1, 0);
    await comeOn(12, -6, -5, -4, -3);
    await comeOn(13, -6, 0);
    expect([await streakOf(11), await streakOf(12), await streakOf(13)]).toEqual([4, 0, 1]);
    const window = { from_day: host.homeDay(-5), until_day: host.homeDay(-4), reason };
    const amnesty = await host.client.command(DeclareAmnesty, window, admin);
    expect(amnesty).toMatchObject({ from_day: host.homeDay(-5), declared_by: 900, undone_at: null });
    await eventually(async () => expect(await streakOf(11)).toBe(8));
    expect([await streakOf(12), await streakOf(13)]).toEqual([0, 1]);
    expect(await host.client.query(GetBalance, {}, memberCall(11))).toMatchObject({ balance: 100 });
    await eventually(() => {
      expect(host.payloadsOf(AmnestyDeclared)).toMatchObject([{ amnesty_id: amnesty.id }]);
      expect(host.payloadsOf(StreakRecounted)).toMatchObject([
        { user_id: 11, amnesty_id: amnesty.id, streak_days: 8, bonus_points: 20, cards_earned: 1 },
      ]);
    });
    await host.client.command(UndoAmnesty, { amnesty_id: amnesty.id, reason }, admin);
    await eventually(async () => expect(await streakOf(11)).toBe(4));
    expect(await host.client.query(GetBalance, {}, memberCall(11))).toMatchObject({ balance: 100 });
    const undo = (amnesty_id: number) => host.client.command(UndoAmnesty, { amnesty_id, reason }, admin);
    await expect(undo(amnesty.id)).rejects.toMatchObject({ errorName: 'amnesty.already_undone' });
    await expect(undo(999_999)).rejects.toMatchObject({ errorName: 'amnesty.unknown' });
    // The pass that ends it begins when nobody can be under way who has not seen it.
    await host.moveClock(120_000);
    await eventually(async () => {
      const { items } = await host.client.query(ListAmnesties, {}, admin);
      expect(items[0]?.applied_at).not.toBeNull();
    });
    await host.moveClock(0);
  });

  it('P-02: an amnesty protects the days to come as well, and is for admins', async () => {
    await comeOn(21, -1, 0);
    const window = { from_day: host.homeDay(1), until_day: host.homeDay(2), reason };
    await host.client.command(DeclareAmnesty, window, admin);
    await comeOn(21, 3);
    await host.moveClock(3 * dayMs);
    expect(await streakOf(21)).toBe(3);
    await host.moveClock(5 * dayMs);
    expect(await streakOf(21)).toBe(0);
    await host.moveClock(0);
    const wrong = host.client.command(DeclareAmnesty, { ...window, until_day: host.homeDay(-9) }, admin);
    await expect(wrong).rejects.toMatchObject({ errorName: 'amnesty.window_invalid' });
    const stranger = host.client.command(DeclareAmnesty, window, memberCall(21));
    await expect(stranger).rejects.toMatchObject({ errorName: 'auth.forbidden' });
  });

  it('P-02: of two amnesties that overlap each protects for itself, and one that is long over stays', async () => {
    const declare = (from: number, until: number) =>
      host.client.command(
        DeclareAmnesty,
        { from_day: host.homeDay(from), until_day: host.homeDay(until), reason },
        admin,
      );
    const undo = ({ id }: { id: number }) => host.client.command(UndoAmnesty, { amnesty_id: id, reason }, admin);
    /** The passes that began when everybody had seen the change are over. */
    const applied = async () => {
      await host.moveClock(120_000);
      await eventually(async () => {
        const { items } = await host.client.query(ListAmnesties, {}, admin);
        expect(items.filter(({ applied_at }) => applied_at === null)).toEqual([]);
      });
      await host.moveClock(0);
    };
    await comeOn(31, -27, -26, -23);
    const [first, second] = [await declare(-25, -24), await declare(-26, -24)];
    await applied();
    const counted = async () =>
      (await calendarOf(31, host.homeDay(-23))).days.find(({ day }) => day === host.homeDay(-23))?.streak_days;
    expect(await counted()).toBe(3);
    await undo(first);
    await applied();
    expect(await counted()).toBe(3);
    await host.moveClock(37 * dayMs);
    await expect(undo(second)).rejects.toMatchObject({ errorName: 'amnesty.window_invalid' });
    await host.moveClock(36 * dayMs);
    await undo(second);
    await host.moveClock(36 * dayMs + 120_000);
    await eventually(async () => expect(await counted()).toBe(1));
    await host.moveClock(0);
  });
});
