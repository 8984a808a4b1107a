import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  AdjustPoints,
  ChangeVelocityRule,
  CreateVelocityRule,
  ListVelocityAlarms,
  ListVelocityRules,
  ResolveVelocityAlarm,
  VelocityAlarmRaised,
} from '#contracts';
import { Metrics } from '#service';
import { eventually } from '#testing';
import { onEachDatabase } from '#testing/engines';
import { memberCall, ServiceHost } from '#testing/service.host';
import { registerMembers } from '../ledger/known-member.fixture.js';
import { pointsService } from '../points.module.js';
import { VelocityRecorder } from './velocity.recorder.js';

const admin = memberCall(900, 'admin', { stepped_up: true });
const hourMs = 3_600_000;

onEachDatabase('velocity alarms after a standstill', (engine) => {
  let host: ServiceHost;
  const recorder = new VelocityRecorder(new Metrics('points', { runtime: false }));
  const count = () => host.service.runtime.unitOfWork?.runAs('velocity', (context) => recorder.step(context));
  const give = (userId: number, points: number) =>
    host.client.command(AdjustPoints, { user_id: userId, points, reason: 'for the test' }, admin);
  const alarmsOf = async (rule_id: number) =>
    (await host.client.query(ListVelocityAlarms, { rule_id, page_size: 100 }, admin)).items;

  beforeAll(async () => {
    // The job itself sleeps: records are counted when a test wants it.
    host = await ServiceHost.start(pointsService, engine, {
      ADJUST_FOUR_EYES_POINTS: '1000000',
      VELOCITY_INTERVAL_MS: '3600000',
    });
    await registerMembers(host, [1, 2, 3, 4]);
    for (const { id } of (await host.client.query(ListVelocityRules, {}, admin)).items)
      await host.client.command(ChangeVelocityRule, { id, enabled: false }, admin);
  });
  afterAll(() => host.stop());

  it('P-09: what came too fast while nobody counted is found afterwards, and told once', async () => {
    const rule = { scope: 'member', name: 'in an hour', window_minutes: 60, points_at_most: 100 } as const;
    const { id } = await host.client.command(CreateVelocityRule, rule, admin);
    await give(1, 60);
    await give(1, 60);
    await give(2, 60);
    await host.moveClock(5 * hourMs);
    await give(1, 1);
    await give(2, 60);
    await count();
    expect(await alarmsOf(id)).toMatchObject([{ user_id: 1, points: 120, records: 2, state: 'open' }]);
    await give(1, 1);
    await count();
    await eventually(() => expect(host.payloadsOf(VelocityAlarmRaised)).toMatchObject([{ user_id: 1, points: 120 }]));
    const [alarm] = await alarmsOf(id);
    await host.client.command(ResolveVelocityAlarm, { id: alarm?.id ?? 0, note: 'prizes' }, admin);
    // 101 within the hour, of which an admin has judged two already.
    await give(1, 99);
    expect(await count()).toBe(1);
    const alarms = await alarmsOf(id);
    expect(alarms).toHaveLength(1);
    expect(alarms).toMatchObject([{ state: 'resolved', points: 120, records: 2 }]);
  });
});
