import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  ChangeRule,
  CreateRule,
  DryRunRule,
  ExplainRuleEvent,
  GetBalance,
  GetRule,
  ListRuleEvents,
  ListRules,
  ListRuleVersions,
  RemoveRule,
  ReportBusinessEvent,
  RuleChanged,
  SwitchRule,
} from '#contracts';
import { sqlTime } from '#database';
import { Metrics } from '#service';
import { eventually } from '#testing';
import { onEachDatabase } from '#testing/engines';
import { memberCall, ServiceHost } from '#testing/service.host';
import { pointsService } from '../points.module.js';
import { bottomless, enabledRule, long, ruleWish, type RuleWish } from './rule-draft.fixture.js';
import { RuleMetrics } from './rule.metrics.js';

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

  it('P-06: a rule that is removed gives nothing more, and what it has given can be read', async () => {
    const [{ id }, other] = [await enabledRule(host), await enabledRule(host)];
    await host.client.command(SwitchRule, { id: other.id, enabled: false }, admin);
    const report = async (reference: string, heard: number): Promise<string> => {
      const wish = { kind: 'product_shared', reference, user_id: 21, amount: 0 } as const;
      await host.client.command(ReportBusinessEvent, wish, admin);
      return eventually(async () => {
        const { items } = await host.client.query(ListRuleEvents, { user_id: 21 }, admin);
        expect(items).toHaveLength(heard);
        return items[0]?.event_id ?? '';
      });
    };
    const rewarded = await report('before', 1);
    const { total } = await host.client.query(ListRules, {}, admin);
    const remove = () => host.client.command(RemoveRule, { id }, admin);
    const answers = await Promise.all(Array.from({ length: 10 }, remove));
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    expect(answers[0]).toMatchObject({ id, enabled: false, rewards: 1, points_given: 10 });
    expect(answers[0]?.removed_at).not.toBeNull();
    await eventually(() => {
      const told = host.messagesOf(RuleChanged).filter(({ payload }) => (payload as { removed: boolean }).removed);
      expect(told).toMatchObject([
        {
          payload: { rule_id: id, enabled: false },
          change: { before: { enabled: true, removed_at: null }, after: { enabled: false } },
        },
      ]);
    });

    const late = await report('after', 2);
    expect((await host.client.query(GetBalance, {}, memberCall(21))).balance).toBe(10);
    expect((await host.client.query(ListRules, {}, admin)).total).toBe(total - 1);
    expect(await host.client.query(ListRules, { removed: true }, admin)).toMatchObject({ total: 1, items: [{ id }] });
    expect(await host.client.query(GetRule, { id }, admin)).toEqual(answers[0]);
    expect((await host.client.query(ListRuleVersions, { id }, admin)).items).toMatchObject([
      { version: 1, points: 10 },
    ]);
    const asked = async (event_id: string) =>
      (await host.client.query(ExplainRuleEvent, { event_id }, admin)).rules.map(({ rule_id, outcome }) => [
        rule_id,
        outcome,
      ]);
    expect(await asked(rewarded)).toContainEqual([id, 'rewarded']);
    expect((await asked(late)).map(([ruleId]) => ruleId)).toContain(other.id);
    expect((await asked(late)).map(([ruleId]) => ruleId)).not.toContain(id);
    const no = refused('rule.removed');
    await expect(host.client.command(SwitchRule, { id, enabled: true }, admin)).rejects.toEqual(no);
    await expect(host.client.command(ChangeRule, { id, points: 20 }, admin)).rejects.toEqual(no);
  });

  it('P-06: rules that are shipped are never removed, nor is any by who may only look', async () => {
    const { items } = await host.client.query(ListRules, { page_size: 100 }, admin);
    const shipped = items.find(({ key }) => key !== null)?.id ?? 0;
    const remove = (id: number, call = admin) => host.client.command(RemoveRule, { id }, call);
    await expect(remove(shipped)).rejects.toEqual(refused('rule.shipped'));
    await expect(remove(999_999)).rejects.toEqual(refused('rule.not_found'));
    const { id } = await host.client.command(CreateRule, ruleWish(), admin);
    await expect(remove(id, memberCall(900, 'operator'))).rejects.toEqual(refused('auth.forbidden'));
    expect(await host.client.query(GetRule, { id }, admin)).toMatchObject({ removed_at: null });
  });

  it('P-06: a rule that is removed while it is switched stays off', async () => {
    const { id } = await host.client.command(CreateRule, ruleWish(), admin);
    const answers = await Promise.allSettled([
      ...[true, false, true].map((on) => host.client.command(SwitchRule, { id, enabled: on }, admin)),
      host.client.command(RemoveRule, { id }, admin),
      ...[true, false, true].map((on) => host.client.command(SwitchRule, { id, enabled: on }, admin)),
    ]);
    const reasons = answers.flatMap((answer) => (answer.status === 'rejected' ? [answer.reason as unknown] : []));
    expect(reasons).toEqual(reasons.map(() => refused('rule.removed')));
    expect(await host.client.query(GetRule, { id }, admin)).toMatchObject({ enabled: false });
  });

  it('P-06: as many rules have figures as there can be, those that were asked last', async () => {
    const metrics = new Metrics('points', { runtime: false });
    const figures = new RuleMetrics(metrics);
    await host.database.transaction(async (tx) => {
      for (let rule = 1; rule <= 200; rule += 1) figures.evaluated(tx, rule, 'rewarded', 5);
      for (const rule of [1, 201]) figures.evaluated(tx, rule, 'daily_limit', 0);
    });
    const text = await metrics.registry.metrics();
    const rulesIn = (name: string) =>
      new Set([...text.matchAll(new RegExp(`${name}.*rule="(\\d+)"`, 'g'))].map(([, rule]) => rule));
    expect(rulesIn('coser_rule_evaluations_total').size).toBe(200);
    expect([...rulesIn('coser_rule_evaluations_total')]).toEqual(expect.arrayContaining(['1', '201']));
    expect(rulesIn('coser_rule_points_total').has('2')).toBe(false);
  });

  it('P-06: there are so many rules at most, and fewer that are on', async () => {
    const { id } = await host.client.command(CreateRule, ruleWish(), admin);
    const unwanted = await host.client.command(CreateRule, ruleWish(), admin);
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
    await fill(200 - (await host.client.query(ListRules, {}, admin)).total);
    const oneMore = () => host.client.command(CreateRule, ruleWish(), admin);
    await expect(oneMore()).rejects.toMatchObject({ errorName: 'rule.too_many', params: { limit: 200 } });
    await host.client.command(RemoveRule, { id: unwanted.id }, admin);
    await oneMore();
    await expect(oneMore()).rejects.toEqual(refused('rule.too_many'));
    await host.database.transaction((tx) => tx.execute('DELETE FROM rules WHERE enabled = 1'));
    expect(await host.client.command(SwitchRule, { id, enabled: true }, admin)).toMatchObject({ enabled: true });
  });
});
