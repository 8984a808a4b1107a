import { afterAll, beforeAll, expect, it } from 'vitest';
import { AdjustPoints, CheckIn, GetMyStatistics, GetPointStatistics } from '#contracts';
import { onEachDatabase } from '#testing/engines';
import { memberCall, ServiceHost } from '#testing/service.host';
import { pointsService } from '../points.module.js';

const dayMs = 86_400_000;
const admin = memberCall(900, 'admin');

onEachDatabase('statistics', (engine) => {
  let host: ServiceHost;
  beforeAll(async () => {
    host = await ServiceHost.start(pointsService, engine);
    await host.moveToNoon();
  });
  afterAll(() => host.stop());

  const community = (from_day: string, until_day: string) =>
    host.client.query(GetPointStatistics, { from_day, until_day }, admin);

  it('P-10: tell a member all days, the streak, the last seven days, and points by type', async () => {
    for (const day of [-7, -6, -1, 0]) {
      await host.moveClock(day * dayMs);
      await host.client.command(CheckIn, {}, memberCall(1));
    }
    await host.client.command(AdjustPoints, { user_id: 1, points: -15, reason: 'for the test' }, admin);
    const quiet = { checked_in: false, issued: 0, spent: 0 };
    const came = { checked_in: true, issued: 10, spent: 0 };
    expect(await host.client.query(GetMyStatistics, {}, memberCall(1))).toEqual({
      ...{ total_days: 4, streak_days: 2, rank: { name: 'bronze', stars: 4 }, next_rank_in_days: 4 },
      last_7_days: [came, quiet, quiet, quiet, quiet, came, { ...came, spent: 15 }].map((day, index) => ({
        day: host.homeDay(index - 6),
        ...day,
      })),
      by_type: [
        { type: 'check_in', issued: 40, spent: 0 },
        { type: 'admin_adjust', issued: 0, spent: 15 },
      ],
      lifetime_earned: 40,
    });
  });

  it('P-10: tell admins of each day of the community what was issued and spent, and what it comes to', async () => {
    const { days, total } = await community(host.homeDay(-7), host.homeDay());
    expect(days.map(({ day, check_ins }) => [day, check_ins])).toEqual(
      [1, 1, 0, 0, 0, 0, 1, 1].map((count, index) => [host.homeDay(index - 7), count]),
    );
    expect(days.at(-1)?.by_type).toEqual([
      { type: 'check_in', issued: 10, spent: 0 },
      { type: 'admin_adjust', issued: 0, spent: 15 },
    ]);
    expect(total).toEqual({ issued: 40, spent: 15 });
  });

  it.each([
    ['0000-01-01', '0000-01-02'],
    ['0099-12-31', '0100-01-01'],
    ['9999-12-30', '9999-12-31'],
    ['2026-02-29', '2026-03-01'],
    ['2026-03-02', '2026-03-01'],
    ['2026-03-01', '2026-04-01'],
  ])('P-10: from %s until %s there is nothing to tell', async (from, until) => {
    await expect(community(from, until)).rejects.toMatchObject({ errorName: 'request.invalid' });
  });
});
