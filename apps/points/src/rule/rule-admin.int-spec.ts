import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { CreateRule, DryRunRule, ListRules, SwitchRule } from '#contracts';
import { sqlTime } from '#database';
import { onEachDatabase } from '#testing/engines';
import { memberCall, ServiceHost } from '#testing/service.host';
import { pointsService } from '../points.module.js';
import { bottomless, long, ruleWish, type RuleWish } from './rule-draft.fixture.js';

const admin = memberCall(900, 'admin');

onEachDatabase('rules in the hands of admins', (engine) => {
  let host: ServiceHost;
  beforeAll(async () => {
    host = await ServiceHost.start(pointsService, engine, { RULE_DRY_RUN_EVENTS_AT_MOST: '3000' });
  });
  afterAll(() => host.stop());

  const refused = (name: string) => expect.objectContaining({ errorName: name });

  it.each<[string, Partial<RuleWish>, string]>([
    ['no points', { points: 0 }, 'request.invalid'],
    ['points in parts', { points: 1.5 }, 'request.invalid'],
    ['too many points', { points: 10_001 }, 'request.invalid'],
    ['an unknown event', { event_type: 'points.balance_changed.v1' }, 'rule.invalid'],
    ['no limit', { daily_limit: null }, 'rule.invalid'],
    [
      'a contradiction',
      { condition: { and: [{ '<': [{ var: 'amount' }, 5] }, { '>': [{ var: 'amount' }, 5] }] } },
      'rule.invalid',
    ],
    ['an unknown operator', { condition: { map: [[1], { var: 'amount' }] } }, 'rule.invalid'],
    ['a condition without a bottom', { condition: bottomless() }, 'request.invalid'],
    ['a condition as long as a book', { condition: long() }, 'rule.invalid'],
    [
      'a condition on what all objects have',
      { condition: JSON.parse('{"and":[{"==":[{"var":"__proto__"},1]}]}') as Record<string, unknown> },
      'rule.invalid',
    ],
  ])('P-06: refuses a rule with %s, and nothing is half done', async (_what, change, name) => {
    const before = (await host.client.query(ListRules, {}, admin)).total;
    await expect(host.client.command(CreateRule, ruleWish(change), admin)).rejects.toEqual(refused(name));
    await expect(host.client.query(DryRunRule, ruleWish(change), admin)).rejects.toEqual(refused(name));
    expect((await host.client.query(ListRules, {}, admin)).total).toBe(before);
    await expect(host.client.command(CreateRule, ruleWish(), memberCall(10))).rejects.toEqual(
      refused('auth.forbidden'),
    );
  });

  it('P-06: a rule of the past that makes no sense any more cannot be switched on', async () => {
    const { id } = await host.client.command(CreateRule, ruleWish(), admin);
    await host.database.transaction((tx) =>
      tx.execute("UPDATE rule_versions SET event_type = 'points.forgotten.v1' WHERE rule_id = ?", [id]),
    );
    await expect(host.client.command(SwitchRule, { id, enabled: true }, admin)).rejects.toMatchObject({
      errorName: 'rule.invalid',
      params: { problems: [{ path: 'event_type', problem: 'unknown_event' }] },
    });
  });

  it('P-06: a dry run looks at every event once, many of them at one moment, and at the newest of too many', async () => {
    const now = Date.now();
    const happened = (count: number, minutesAgo: (index: number) => number) =>
      host.database.transaction((tx) =>
        tx.insert(
          'rule_events',
          Array.from({ length: count }, (_, index) => ({
            event_id: randomUUID(),
            event_type: ruleWish().event_type,
            user_id: 1 + (index % 7),
            occurred_at: sqlTime(new Date(now - minutesAgo(index) * 60_000)),
            facts: JSON.stringify({ kind: 'product_shared', amount: 0 }),
            rules_on: 1,
          })),
        ),
      );
    const dryRun = () => host.client.query(DryRunRule, ruleWish({ points: 1 }), admin);
    await happened(2500, (index) => Math.floor(index / 900));
    expect(await dryRun()).toMatchObject({ events: 2500, rewards: 2500, points: 2500, members: 7 });
    await happened(1000, (index) => 60 + index);
    expect(await dryRun()).toMatchObject({
      events: 3000,
      points: 3000,
      complete: false,
      covered_from: new Date(now - 559 * 60_000).toISOString(),
    });
  });

  it('P-06: there are so many rules at most, and fewer that are on', async () => {
    const { id } = await host.client.command(CreateRule, ruleWish(), admin);
    const row = {
      rule_key: null,
      enabled: 1,
      version: 1,
      created_at: sqlTime(new Date()),
      updated_at: sqlTime(new Date()),
    };
    const fill = (count: number) =>
      host.database.transaction((tx) =>
        tx.insert(
          'rules',
          Array.from({ length: count }, () => row),
        ),
      );
    await fill(50);
    await expect(host.client.command(SwitchRule, { id, enabled: true }, admin)).rejects.toMatchObject({
      errorName: 'rule.too_many',
      params: { limit: 50 },
    });
    await fill(150);
    await expect(host.client.command(CreateRule, ruleWish(), admin)).rejects.toMatchObject({
      errorName: 'rule.too_many',
      params: { limit: 200 },
    });
    await host.database.transaction((tx) => tx.execute('DELETE FROM rules WHERE enabled = 1'));
    expect(await host.client.command(SwitchRule, { id, enabled: true }, admin)).toMatchObject({ enabled: true });
  });
});
