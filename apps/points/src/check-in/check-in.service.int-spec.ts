import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  AppError,
  BalanceChanged,
  CheckedIn,
  CheckIn,
  GetBalance,
  GetCheckInToday,
  ListPointRecords,
} from '#contracts';
import { eventually } from '#testing';
import { onEachDatabase } from '#testing/engines';
import { memberCall, ServiceHost } from '#testing/service.host';
import { pointsService } from '../points.module.js';

const dayMs = 86_400_000;
const bookQuery = `SELECT COUNT(*) AS wrong FROM point_accounts a WHERE a.balance <>
  (SELECT COALESCE(SUM(r.points), 0) FROM point_records r WHERE r.user_id = a.user_id)`;

onEachDatabase('check-in', (engine) => {
  let host: ServiceHost;
  beforeAll(async () => {
    host = await ServiceHost.start(pointsService, engine);
    await host.moveToNoon();
  });
  afterAll(() => host.stop());

  it('P-02: gives points once per day, tells it and keeps it in the books', async () => {
    const call = memberCall(1);
    const done = await host.client.command(CheckIn, {}, call);
    expect(done).toMatchObject({
      points: 10,
      base_points: 10,
      bonuses: [],
      streak_days: 1,
      total_days: 1,
      balance: 10,
    });
    await expect(host.client.command(CheckIn, {}, call)).rejects.toMatchObject({ errorName: 'check_in.already_done' });
    expect(await host.client.query(GetBalance, {}, call)).toEqual({
      balance: 10,
      frozen: 0,
      available: 10,
      lifetime_earned: 10,
    });
    const records = await host.client.query(ListPointRecords, {}, call);
    expect(records).toMatchObject({ total: 1, items: [{ points: 10, type: 'check_in', balance_after: 10 }] });
    expect(await host.client.query(GetCheckInToday, {}, call)).toMatchObject({
      checked_in: true,
      streak_days: 1,
      total_days: 1,
    });
    await eventually(() => {
      expect(host.payloadsOf(CheckedIn)).toMatchObject([{ user_id: 1, points: 10, channel: 'rest' }]);
      expect(host.payloadsOf(BalanceChanged)).toMatchObject([{ user_id: 1, balance: 10, version: 1 }]);
    });
  });

  it('P-02: 100 check-ins of one member at once are one check-in', async () => {
    const tries = await Promise.allSettled(
      Array.from({ length: 100 }, () => host.client.command(CheckIn, {}, memberCall(2))),
    );
    expect(tries.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    const refusals = tries.flatMap((result) =>
      result.status === 'rejected' ? [(result.reason as AppError).errorName] : [],
    );
    expect(new Set(refusals)).toEqual(new Set(['check_in.already_done']));
    expect(await host.client.query(GetBalance, {}, memberCall(2))).toMatchObject({ balance: 10 });
  });

  it('A-03: the same key gets the same answer, also when all come at once', async () => {
    const answers = await Promise.all(
      Array.from({ length: 30 }, () => host.client.command(CheckIn, {}, memberCall(3), { idempotencyKey: 'today' })),
    );
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    expect(answers[0]?.balance).toBe(10);
  });

  it('P-02: pays the bonus of day 7 and starts anew after a missed day', async () => {
    const call = memberCall(4);
    for (let day = 0; day < 7; day += 1) {
      await host.moveClock(day * dayMs);
      expect((await host.client.query(GetCheckInToday, {}, call)).checked_in).toBe(false);
      const done = await host.client.command(CheckIn, {}, call);
      expect(done.streak_days).toBe(day + 1);
      expect(done.bonuses).toEqual(day === 6 ? [{ streak_days: 7, points: 20 }] : []);
    }
    await host.moveClock(8 * dayMs);
    expect(await host.client.query(GetCheckInToday, {}, call)).toMatchObject({ checked_in: false, streak_days: 0 });
    expect(await host.client.command(CheckIn, {}, call)).toMatchObject({ streak_days: 1, total_days: 8, balance: 100 });
    await host.moveClock(0);
  });

  it('P-01: the books are exact after a crowd of different members', async () => {
    await Promise.all(
      Array.from({ length: 200 }, (_, index) => host.client.command(CheckIn, {}, memberCall(1000 + index))),
    );
    const row = await host.service.runtime.database?.reader.one<{ wrong: number | string }>(bookQuery);
    expect(Number(row?.wrong)).toBe(0);
    await eventually(() =>
      expect(host.payloadsOf(CheckedIn).filter(({ user_id }) => user_id >= 1000)).toHaveLength(200),
    );
  });

  it('refuses a call without a member', async () => {
    const visitor = { ...memberCall(1), actor: { kind: 'visitor' as const } };
    await expect(host.client.command(CheckIn, {}, visitor)).rejects.toMatchObject({
      errorName: 'auth.unauthenticated',
    });
  });
});
