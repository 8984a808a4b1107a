import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { CheckIn, GetBalance, GetCheckInToday, MakeUpDay, UserSettingsChanged } from '#contracts';
import { eventually } from '#testing';
import { onEachDatabase } from '#testing/engines';
import { callOf, memberCall, ServiceHost } from '#testing/service.host';
import { pointsService } from '../points.module.js';

const hourMs = 3_600_000;
const shanghai = 'Asia/Shanghai';
const kiritimati = 'Pacific/Kiritimati';

onEachDatabase('check-ins on the calendars of members', (engine) => {
  let host: ServiceHost;
  let version = 0;
  beforeAll(async () => {
    host = await ServiceHost.start(pointsService, engine, { CHECK_IN_CALENDAR: 'member' });
    await host.moveToNoon();
  });
  afterAll(() => host.stop());

  const today = (userId: number) => host.client.query(GetCheckInToday, {}, memberCall(userId));
  const checkIn = (userId: number) => host.client.command(CheckIn, {}, memberCall(userId));
  const moveTo = async (userId: number, timezone: string) => {
    version += 1;
    const payload = {
      ...{
        user_id: userId,
        nickname: null,
        avatar_url: null,
        locale: 'en' as const,
        birthday: null,
        version,
        timezone,
      },
      ...{ show_in_leaderboards: true, region: { country: null, province: null, city: null } },
      reminders: { check_in: false, check_in_at: '09:00', membership: true },
      ...{ display_name: 'Kim', changed: ['timezone'], changed_at: host.homeTime.toISOString() },
    };
    const call = callOf({ kind: 'system', name: 'test' });
    const facts = { id: randomUUID(), name: UserSettingsChanged.name, service: 'user' as const, call };
    await host.broker.publish([{ ...facts, occurred_at: host.homeTime.toISOString(), payload }]);
    await eventually(async () => expect((await today(userId)).timezone).toBe(timezone));
  };

  it('P-02: whose zone changes to the east within minutes gains no day, and goes on when the old one is over', async () => {
    await host.moveClock(8 * hourMs);
    expect(await checkIn(1)).toMatchObject({ day: host.homeDay(), streak_days: 1 });
    await moveTo(1, kiritimati);
    const next = host.homeDay(1);
    expect(await today(1)).toMatchObject({ day: next, checked_in: false, streak_days: 1 });
    await expect(checkIn(1)).rejects.toMatchObject({ errorName: 'check_in.too_soon' });
    await moveTo(1, 'Asia/Tokyo');
    await expect(checkIn(1)).rejects.toMatchObject({ errorName: 'check_in.already_done' });
    await moveTo(1, kiritimati);
    await host.moveClock(12 * hourMs + 60_000);
    expect(await checkIn(1)).toMatchObject({ day: next, streak_days: 2, balance: 20 });
    // Back at home it is the same date for another day.
    await moveTo(1, shanghai);
    await expect(checkIn(1)).rejects.toMatchObject({ errorName: 'check_in.already_done' });
    expect(await host.client.query(GetBalance, {}, memberCall(1))).toMatchObject({ balance: 20 });
  });

  it('P-02: whose zone changes to the west lives through the same date again, which counts once', async () => {
    await host.moveClock(0);
    await checkIn(2);
    await moveTo(2, 'Pacific/Pago_Pago');
    expect(await today(2)).toMatchObject({ day: host.homeDay(-1), checked_in: true });
    await expect(checkIn(2)).rejects.toMatchObject({ errorName: 'check_in.already_done' });
    await host.moveClock(24 * hourMs);
    await expect(checkIn(2)).rejects.toMatchObject({ errorName: 'check_in.already_done' });
    // 36 hours after noon in Shanghai the next date has begun in the far west.
    await host.moveClock(36 * hourMs);
    expect(await checkIn(2)).toMatchObject({ day: host.homeDay(1), streak_days: 2 });
  });

  it('P-02: no change of the zone mends a streak that a missed day has broken', async () => {
    await host.moveClock(0);
    await checkIn(3);
    await host.moveClock(37 * hourMs);
    await moveTo(3, 'Asia/Taipei');
    expect(await today(3)).toMatchObject({ day: host.homeDay(2), streak_days: 0 });
    expect(await checkIn(3)).toMatchObject({ streak_days: 1, total_days: 2 });
  });

  it('P-03: a day is over, and can be made up, when it is on the calendar of the member', async () => {
    await host.moveClock(-24 * hourMs);
    await checkIn(4);
    await host.moveClock(24 * hourMs);
    const makeUp = (day: string) => host.client.command(MakeUpDay, { day }, memberCall(4));
    await moveTo(4, 'Pacific/Pago_Pago');
    // Where it is 5 o'clock in the afternoon of the day before.
    await expect(makeUp(host.homeDay())).rejects.toMatchObject({ errorName: 'makeup.day_not_over' });
    await moveTo(4, kiritimati);
    expect(await makeUp(host.homeDay())).toMatchObject({ streak_days: 2 });
    // The day made up was the last one, and it was counted here.
    expect(await checkIn(4)).toMatchObject({ day: host.homeDay(1), streak_days: 3 });
    await host.moveClock(0);
  });
});
