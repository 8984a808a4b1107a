import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  AcknowledgeVelocityAlarm,
  AdjustPoints,
  ChangeVelocityRule,
  CheckIn,
  CreateVelocityRule,
  ListVelocityAlarms,
  ListVelocityRules,
  ResolveVelocityAlarm,
  VelocityAlarmHandled,
  VelocityAlarmRaised,
  type InputOf,
} from '#contracts';
import { eventually } from '#testing';
import { onEachDatabase } from '#testing/engines';
import { memberCall, ServiceHost } from '#testing/service.host';
import { registerMembers } from '../ledger/known-member.fixture.js';
import { pointsService } from '../points.module.js';

const admin = memberCall(900, 'admin', { stepped_up: true });
const dayMs = 86_400_000;

onEachDatabase('velocity alarms', (engine) => {
  let host: ServiceHost;
  const rule = (changes: Partial<InputOf<typeof CreateVelocityRule>>) => {
    const plain = { scope: 'member', name: 'of the test', window_minutes: 60 } as const;
    return host.client.command(CreateVelocityRule, { ...plain, ...changes }, admin);
  };
  const give = (userId: number, points: number) =>
    host.client.command(AdjustPoints, { user_id: userId, points, reason: 'for the test' }, admin);
  const alarmsOf = async (ruleId: number) =>
    (await host.client.query(ListVelocityAlarms, { rule_id: ruleId, page_size: 100 }, admin)).items;
  /** All records that there are have been counted. */
  const counted = () =>
    eventually(async () => {
      const row = await host.service.runtime.database?.reader.one<{ waiting: number | string }>(
        'SELECT COUNT(*) AS waiting FROM point_records WHERE id > (SELECT record_id FROM velocity_cursors)',
      );
      expect(Number(row?.waiting)).toBe(0);
    });
  beforeAll(async () => {
    host = await ServiceHost.start(pointsService, engine, {
      ADJUST_FOUR_EYES_POINTS: '1000000',
      VELOCITY_INTERVAL_MS: '50',
    });
    await registerMembers(host, [1, 2, 3, 4]);
    for (const { id } of (await host.client.query(ListVelocityRules, {}, admin)).items)
      await host.client.command(ChangeVelocityRule, { id, enabled: false }, admin);
  });
  afterAll(() => host.stop());

  it('P-09: raises one alarm for a member above the rule, and notes what goes on', async () => {
    const { id } = await rule({ points_at_most: 100 });
    await give(1, 100);
    await give(2, 60);
    await counted();
    expect(await alarmsOf(id)).toEqual([]);
    await give(1, 1);
    await eventually(async () =>
      expect(await alarmsOf(id)).toMatchObject([{ user_id: 1, points: 101, records: 2, state: 'open' }]),
    );
    await give(1, 50);
    await eventually(async () => expect(await alarmsOf(id)).toMatchObject([{ points: 151, records: 3 }]));
    await eventually(() => {
      const told = host.payloadsOf(VelocityAlarmRaised).filter(({ rule_id }) => rule_id === id);
      expect(told).toMatchObject([{ user_id: 1, points: 101, rule_name: 'of the test' }]);
    });
    await host.client.command(ChangeVelocityRule, { id, enabled: false }, admin);
  });

  it('P-09: counts each record once, however many come at once', async () => {
    const { id } = await rule({ scope: 'platform', records_at_most: 99, record_type: 'check_in' });
    await Promise.all(
      Array.from({ length: 120 }, (_, index) => host.client.command(CheckIn, {}, memberCall(2000 + index))),
    );
    await counted();
    await eventually(async () => {
      expect(await alarmsOf(id)).toMatchObject([{ user_id: null, records: 120, points: 1200 }]);
    });
    await host.client.command(ChangeVelocityRule, { id, enabled: false }, admin);
  });

  it('P-09: an admin takes note of an alarm and closes it; then counting begins anew', async () => {
    const { id } = await rule({ points_at_most: 100, scope: 'type', record_type: 'admin_adjust', direction: 'both' });
    await give(3, 101);
    const [alarm] = await eventually(async () => {
      const found = await alarmsOf(id);
      expect(found).toMatchObject([{ record_type: 'admin_adjust', user_id: null }]);
      return found;
    });
    const alarmId = alarm?.id ?? 0;
    const { client } = host;
    expect(await client.command(AcknowledgeVelocityAlarm, { id: alarmId }, admin)).toMatchObject({
      state: 'acknowledged',
      handled_by: 900,
    });
    await expect(client.command(AcknowledgeVelocityAlarm, { id: alarmId }, admin)).rejects.toMatchObject({
      errorName: 'velocity.alarm_handled',
    });
    await client.command(ResolveVelocityAlarm, { id: alarmId, note: 'prizes' }, admin);
    await expect(client.command(ResolveVelocityAlarm, { id: alarmId, note: 'prizes' }, admin)).rejects.toMatchObject({
      errorName: 'velocity.alarm_handled',
    });
    await host.moveClock(6 * 60_000);
    await give(3, -10);
    await counted();
    expect(await alarmsOf(id)).toHaveLength(1);
    await give(3, 100);
    await eventually(async () =>
      expect(await alarmsOf(id)).toMatchObject([{ state: 'open' }, { state: 'resolved', note: 'prizes' }]),
    );
    await eventually(() => {
      const told = host.payloadsOf(VelocityAlarmHandled).filter(({ rule_id }) => rule_id === id);
      expect(told.map(({ state }) => state)).toEqual(['acknowledged', 'resolved']);
    });
    await client.command(ChangeVelocityRule, { id, enabled: false }, admin);
    await host.moveClock(0);
  });

  it('P-09: what lies further back than the window does not count', async () => {
    const { id } = await rule({ points_at_most: 100 });
    await give(4, 80);
    await counted();
    await host.moveClock(2 * 3_600_000);
    await give(4, 80);
    await counted();
    expect(await alarmsOf(id)).toEqual([]);
    await host.moveClock(dayMs);
    await host.client.command(ChangeVelocityRule, { id, enabled: false }, admin);
    await host.moveClock(0);
  });

  it('P-09: rules are data for admins, and one without a bound is refused', async () => {
    await expect(rule({})).rejects.toMatchObject({ errorName: 'request.invalid' });
    await expect(rule({ points_at_most: 0 })).rejects.toMatchObject({ errorName: 'request.invalid' });
    const made = await rule({ points_at_most: 5 });
    const change = { id: made.id, points_at_most: null, records_at_most: null };
    await expect(host.client.command(ChangeVelocityRule, change, admin)).rejects.toMatchObject({
      errorName: 'request.invalid',
    });
    const changed = await host.client.command(
      ChangeVelocityRule,
      { id: made.id, name: 'another', enabled: false },
      admin,
    );
    expect(changed).toMatchObject({ name: 'another', enabled: false, points_at_most: 5 });
    await expect(host.client.query(ListVelocityAlarms, {}, memberCall(1))).rejects.toMatchObject({
      errorName: 'auth.forbidden',
    });
    await expect(host.client.command(ResolveVelocityAlarm, { id: 999_999, note: 'x' }, admin)).rejects.toMatchObject({
      errorName: 'velocity.alarm_unknown',
    });
  });
});
