import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, expect, it } from 'vitest';
import {
  CheckIn,
  CheckInReminderDue,
  ErasureStarted,
  PointsDataErased,
  UserSettingsChanged,
  UserStatusChanged,
  type EventContract,
} from '#contracts';
import { fromSqlTime, type SqlTime } from '#database';
import type { EventMessage } from '#messaging';
import { eventually } from '#testing';
import { onEachDatabase } from '#testing/engines';
import { callOf, memberCall, ServiceHost } from '#testing/service.host';
import type { z } from 'zod';
import { pointsService } from '../points.module.js';

const minuteMs = 60_000;
const dayMs = 86_400_000;
const timezone = 'Asia/Shanghai';
const others = { nickname: null, avatar_url: null, locale: 'en', birthday: null, show_in_leaderboards: true } as const;

onEachDatabase('reminders of the check-in', (engine) => {
  let host: ServiceHost;
  const hosts: ServiceHost[] = [];
  const replica = async (): Promise<ServiceHost> => {
    const started = await ServiceHost.start(pointsService, engine, { POINTS_JOB_INTERVAL_MS: '50' });
    await started.moveToNoon();
    hosts.push(started);
    return started;
  };
  const publish = <Contract extends EventContract>(contract: Contract, payload: z.input<Contract['payload']>) => {
    const message: EventMessage = {
      id: randomUUID(),
      name: contract.name,
      service: contract.owner,
      occurred_at: host.homeTime.toISOString(),
      call: callOf({ kind: 'system', name: 'test' }),
      payload,
    };
    return host.broker.publish([message]);
  };
  /** So many minutes from now, by the clock on the wall in Shanghai. */
  const wallTime = (minutes: number): string =>
    new Date(host.homeTime.getTime() + minutes * minuteMs).toLocaleTimeString('en-GB', {
      timeZone: timezone,
      hour: '2-digit',
      minute: '2-digit',
    });
  const wish = (userId: number, check_in: boolean, check_in_at: string, version = 1) =>
    publish(UserSettingsChanged, {
      ...others,
      user_id: userId,
      timezone,
      region: { country: null, province: null, city: null },
      reminders: { check_in, check_in_at, membership: true },
      version,
      display_name: 'Kim',
      changed: ['remind_check_in'],
      changed_at: host.homeTime.toISOString(),
    });
  const moveAll = (offsetMs: number) => Promise.all(hosts.map((one) => one.moveClock(offsetMs)));
  /** Reminders by member, whichever replica told them; one that was told twice stands here twice. */
  const reminded = (): number[] => {
    const events = new Map(hosts.flatMap((one) => one.events.map((event) => [event.id, event] as const)));
    return [...events.values()]
      .filter(({ name }) => name === CheckInReminderDue.name)
      .map(({ payload }) => CheckInReminderDue.payload.parse(payload).user_id)
      .sort((left, right) => left - right);
  };
  const plannedAt = async (userId: number): Promise<Date | null> => {
    const row = await host.database.reader.one<{ next_at: SqlTime | null }>(
      'SELECT next_at FROM check_in_reminders WHERE user_id = ?',
      [userId],
    );
    return row?.next_at ? fromSqlTime(row.next_at) : null;
  };

  let firstUser = 0;
  beforeEach(async () => {
    firstUser += 1_000;
    host = await replica();
  });
  afterEach(async () => {
    await Promise.all(hosts.map((one) => one.stop()));
    hosts.length = 0;
  });

  it('U-11: two replicas remind each member who wants it once a day, and nobody who has checked in or wants none', async () => {
    await replica();
    const users = Array.from({ length: 20 }, (_, index) => firstUser + index);
    const [checkedIn, unwilling, banned, ...rest] = users as [number, number, number, ...number[]];
    for (const user of users) await wish(user, user !== unwilling, wallTime(60));
    await host.client.command(CheckIn, {}, memberCall(checkedIn));
    await publish(UserStatusChanged, { user_id: banned, status: 'banned', previous: 'active', reason: 'spam' });
    const laterMs = 61 * minuteMs;
    await moveAll(laterMs);
    await eventually(() => expect(reminded()).toEqual(rest));
    await moveAll(laterMs + dayMs);
    const second = [...rest, checkedIn, ...rest].sort((left, right) => left - right);
    await eventually(() => expect(reminded()).toEqual(second));
  });

  it('U-11: after an outage a member is reminded of today alone, and a day that is over is not called for', async () => {
    const user = firstUser;
    await wish(user, true, '00:00');
    await host.stop();
    hosts.length = 0;
    host = await replica();
    await replica();
    // The next midnight, and a few after it, pass while nobody looks; it is the last day's business now.
    await moveAll(5 * dayMs);
    await eventually(async () =>
      expect((await plannedAt(user))?.getTime()).toBeGreaterThan(host.homeTime.getTime() + 5 * dayMs),
    );
    expect(reminded()).toEqual([]);
    await moveAll(6 * dayMs);
    await eventually(() => expect(reminded()).toEqual([user]));
    const [event] = hosts.flatMap((one) => one.payloadsOf(CheckInReminderDue));
    expect(event).toMatchObject({ day: host.homeDay(6), streak_days: 0 });
  });

  it('U-11: a wish whose time has come while its news was on the way is met all the same, once', async () => {
    const user = firstUser;
    await moveAll(61 * minuteMs);
    await wish(user, true, wallTime(60));
    await eventually(() => expect(reminded()).toEqual([user]));
    await wish(user, true, wallTime(60), 2);
    await moveAll(61 * minuteMs + dayMs);
    await eventually(() => expect(reminded()).toEqual([user, user]));
  });

  it('U-11: the newest settings count, however they arrive, and go with the member', async () => {
    const user = firstUser;
    await wish(user, true, wallTime(120), 3);
    await wish(user, false, wallTime(30), 2);
    expect(await plannedAt(user)).not.toBeNull();
    await wish(user, false, wallTime(120), 4);
    expect(await plannedAt(user)).toBeNull();
    await wish(user, true, wallTime(120), 5);
    expect(await plannedAt(user)).not.toBeNull();
    await publish(ErasureStarted, { user_id: user });
    await eventually(() => expect(host.payloadsOf(PointsDataErased)).toMatchObject([{ user_id: user }]));
    expect(await plannedAt(user)).toBeNull();
  });
});
