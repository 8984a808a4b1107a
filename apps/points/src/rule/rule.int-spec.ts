import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import {
  BalanceChanged,
  BusinessEventReported,
  ChangeRule,
  CheckIn,
  DryRunRule,
  ExplainRuleEvent,
  GetBalance,
  GetRule,
  ListPointRecords,
  ListRuleEvents,
  ListRules,
  ListRuleVersions,
  ProfileCompleted,
  ReportBusinessEvent,
  RuleRewarded,
  SwitchAllRules,
  SwitchRule,
  type EventContract,
  type InputOf,
} from '#contracts';
import type { EventMessage } from '#messaging';
import { eventually } from '#testing';
import { onEachDatabase } from '#testing/engines';
import { callOf, memberCall, ServiceHost } from '#testing/service.host';
import { pointsService } from '../points.module.js';
import { enabledRule, ruleWish, type RuleWish } from './rule-draft.fixture.js';

const dayMs = 86_400_000;
const admin = memberCall(900, 'admin');
const bookQuery = `SELECT COUNT(*) AS wrong FROM point_accounts a WHERE a.balance <>
  (SELECT COALESCE(SUM(r.points), 0) FROM point_records r WHERE r.user_id = a.user_id)`;
let names = 0;

onEachDatabase('rules', (engine) => {
  let host: ServiceHost;
  let replica: ServiceHost;
  beforeAll(async () => {
    host = await ServiceHost.start(pointsService, engine, { RULE_LOG_CLEANUP_INTERVAL_MS: '100' });
    replica = await ServiceHost.start(pointsService, engine);
    await Promise.all([host.moveToNoon(), replica.moveToNoon()]);
  });
  afterAll(async () => {
    await replica.stop();
    await host.stop();
  });
  afterEach(async () => {
    const { items } = await host.client.query(ListRules, { enabled: true, page_size: 100 }, admin);
    for (const { id } of items) await host.client.command(SwitchRule, { id, enabled: false }, admin);
  });

  const enabled = (change: Partial<RuleWish> = {}) => enabledRule(host, ruleWish(change));
  const report = (userId: number, change: Partial<InputOf<typeof ReportBusinessEvent>> = {}) => {
    names += 1;
    const reported = { kind: 'product_shared' as const, reference: `r${names}`, user_id: userId, amount: 0, ...change };
    return host.client.command(ReportBusinessEvent, reported, admin);
  };
  /** An event as a broker delivers it, on its way to both replicas. */
  const message = (userId: number, what: Partial<EventMessage> = {}): EventMessage => {
    names += 1;
    return {
      id: `00000000-0000-7000-8000-${engine.dialect === 'mysql' ? '1' : '0'}${String(names).padStart(11, '0')}`,
      name: BusinessEventReported.name,
      service: 'points',
      occurred_at: host.homeTime.toISOString(),
      call: callOf({ kind: 'system', name: 'shop' }),
      payload: { kind: 'product_shared', reference: `m${names}`, user_id: userId, amount: 0 },
      ...what,
    };
  };
  const balanceOf = async (userId: number) => (await host.client.query(GetBalance, {}, memberCall(userId))).balance;
  const heard = (count: number, userId: number) =>
    eventually(async () =>
      expect((await host.client.query(ListRuleEvents, { user_id: userId }, admin)).total).toBe(count),
    );
  const refused = (name: string) => expect.objectContaining({ errorName: name });

  it('P-06: ships rules that are switched off, and gives nothing by them', async () => {
    const { items } = await host.client.query(ListRules, { page_size: 100 }, admin);
    expect(items.filter(({ key }) => key !== null)).toHaveLength(11);
    expect(items.every((rule) => !rule.enabled)).toBe(true);
    await host.client.command(CheckIn, {}, memberCall(1));
    await heard(1, 1);
    expect(await balanceOf(1)).toBe(10);
  });

  it('P-06: the shipped rule for a completed profile rewards a member once, however often it is heard', async () => {
    const { items } = await host.client.query(ListRules, { page_size: 100 }, admin);
    const shipped = items.find(({ key }) => key === 'profile_completed');
    await host.client.command(SwitchRule, { id: shipped?.id ?? 0, enabled: true }, admin);
    const payload = { user_id: 44, completed_at: host.homeTime.toISOString() };
    const completed = message(44, { name: ProfileCompleted.name, service: 'user', payload });
    const another = message(44, { name: ProfileCompleted.name, service: 'user', payload });
    await Promise.all([completed, completed, another].map((event) => host.broker.publish([event])));
    await heard(2, 44);
    expect(await balanceOf(44)).toBe(50);
  });

  it('P-06: gives points for an event once, tells it, and never for its own reward', async () => {
    const rule = await enabled({ event_type: 'points.checked_in.v1', condition: null, points: 5 });
    await host.client.command(CheckIn, {}, memberCall(2));
    await eventually(async () => expect(await balanceOf(2)).toBe(15));
    const { items } = await host.client.query(ListPointRecords, {}, memberCall(2));
    expect(items).toMatchObject([{ type: 'rule_reward', points: 5 }, { type: 'check_in' }]);
    await eventually(() => {
      const told = host.payloadsOf(RuleRewarded).filter(({ rule_id }) => rule_id === rule.id);
      expect(told).toMatchObject([{ user_id: 2, points: 5, balance: 15, event_type: 'points.checked_in.v1' }]);
      expect(host.payloadsOf(BalanceChanged).filter(({ user_id }) => user_id === 2)).toHaveLength(2);
    });
    expect(await host.client.query(GetRule, { id: rule.id }, admin)).toMatchObject({ rewards: 1, points_given: 5 });
  });

  it('P-06: limits and budgets are exact while two replicas hear events at once, some of them twice', async () => {
    const rule = await enabled({ daily_limit: 3, daily_budget: 250 });
    const messages = Array.from({ length: 20 }, (_, member) =>
      Array.from({ length: 6 }, () => message(100 + member)),
    ).flat();
    const half = messages.length / 2;
    await Promise.all([
      ...messages.slice(0, half + 20).map((event) => host.broker.publish([event])),
      ...messages.slice(half - 20).map((event) => replica.broker.publish([event])),
    ]);
    // Twenty members could have three rewards of ten points each, but the budget is for twenty-five of the sixty.
    const after = await host.client.query(GetRule, { id: rule.id }, admin);
    expect(after).toMatchObject({ rewards: 25, points_given: 250 });
    const balances = await Promise.all(Array.from({ length: 20 }, (_, member) => balanceOf(100 + member)));
    expect(balances.reduce((sum, balance) => sum + balance, 0)).toBe(250);
    expect(Math.max(...balances)).toBeLessThanOrEqual(30);
    const row = await host.database.reader.one<{ wrong: number | string }>(bookQuery);
    expect(Number(row?.wrong)).toBe(0);
  });

  it('P-06: many events for one account are few postings, with a record and a message for each', async () => {
    const rule = await enabled({ daily_limit: 100, points: 2 });
    const messages = Array.from({ length: 120 }, () => message(60));
    await Promise.all([host, replica].map(({ broker }) => broker.publish(messages)));
    await heard(120, 60);
    expect(await balanceOf(60)).toBe(200);
    const { total, items } = await host.client.query(ListPointRecords, { page_size: 1 }, memberCall(60));
    expect([total, items[0]?.balance_after]).toEqual([100, 200]);
    await eventually(() => {
      const told = [host, replica]
        .flatMap((one) => one.payloadsOf(RuleRewarded))
        .filter(({ user_id }) => user_id === 60);
      expect(told.map(({ balance }) => balance)).toEqual(Array.from({ length: 100 }, (_, index) => 2 * (index + 1)));
    });
    const changes = [host, replica].flatMap((one) => one.payloadsOf(BalanceChanged));
    const ofMember = changes.filter(({ user_id }) => user_id === 60);
    expect(ofMember.flatMap(({ records }) => records)).toHaveLength(100);
    expect(ofMember.length).toBeLessThan(20);
    expect(await host.client.query(GetRule, { id: rule.id }, admin)).toMatchObject({ rewards: 100, points_given: 200 });
  });

  it("P-06, O-04: what members get of one batch is told in the name of each one's own event", async () => {
    await enabled({ daily_limit: 1, points: 2 });
    const messages = [61, 62, 63].map((member) => message(member));
    await host.broker.publish(messages);
    const requestOf = (contract: EventContract, member: number) =>
      [host, replica]
        .flatMap((one) => one.messagesOf(contract))
        .filter(({ payload }) => (payload as { user_id: number }).user_id === member)
        .map(({ call }) => call.request_id);
    for (const [index, member] of [61, 62, 63].entries()) {
      await eventually(() => {
        expect(requestOf(RuleRewarded, member)).toEqual([messages[index]?.call.request_id]);
        expect(requestOf(BalanceChanged, member)).toEqual([messages[index]?.call.request_id]);
      });
    }
  });

  it('P-06: the total limit of a member holds across days, the daily one begins anew', async () => {
    await enabled({ daily_limit: 1, total_limit: 2 });
    for (const day of [0, 0, 1, 2]) {
      await host.moveClock(day * dayMs);
      await report(3);
    }
    await heard(4, 3);
    expect(await balanceOf(3)).toBe(20);
    await host.moveClock(0);
  });

  it('P-06: a change is a new version, and who comes too late is told', async () => {
    const rule = await enabled();
    const change = { id: rule.id, points: 20, expected_version: 1 };
    expect(await host.client.command(ChangeRule, change, admin)).toMatchObject({
      version: 2,
      points: 20,
      enabled: true,
    });
    await expect(host.client.command(ChangeRule, change, admin)).rejects.toMatchObject({
      errorName: 'rule.version_conflict',
      params: { version: 2 },
    });
    const { items } = await host.client.query(ListRuleVersions, { id: rule.id }, admin);
    expect(items.map(({ version, points }) => [version, points])).toEqual([
      [2, 20],
      [1, 10],
    ]);
    await report(4);
    await eventually(async () => expect(await balanceOf(4)).toBe(20));
  });

  it('P-06: one switch stops all rules, and what happens meanwhile is explained', async () => {
    const rule = await enabled();
    await host.client.command(SwitchAllRules, { on: false, reason: 'too many points' }, admin);
    await report(5);
    await heard(1, 5);
    await host.client.command(SwitchAllRules, { on: true, reason: 'all is well' }, admin);
    await report(5);
    await report(5, { kind: 'order_completed', amount: 100 });
    await heard(3, 5);
    expect(await balanceOf(5)).toBe(10);
    const { items } = await host.client.query(ListRuleEvents, { user_id: 5 }, admin);
    const explained = await Promise.all(
      items.map(({ event_id }) => host.client.query(ExplainRuleEvent, { event_id }, admin)),
    );
    const why = explained.map(({ rules_on, rules }) => [rules_on, rules.find(({ rule_id }) => rule_id === rule.id)]);
    expect(why).toMatchObject([
      [true, { outcome: 'condition_false', points: 0, parts: [{ holds: false }] }],
      [true, { outcome: 'rewarded', points: 10, parts: [{ holds: true }] }],
      [false, { outcome: null, points: 0 }],
    ]);
    await expect(host.client.query(ExplainRuleEvent, { event_id: 'nothing' }, admin)).rejects.toEqual(
      refused('rule.event_not_found'),
    );
  });

  it('P-06: the switch of all is pulled in the middle of many events: each is rewarded whole, or not at all', async () => {
    const rule = await enabled({ points: 3 });
    const messages = Array.from({ length: 80 }, () => message(70));
    const storm = messages.map((event, index) => (index % 2 ? host : replica).broker.publish([event]));
    await storm[20];
    await host.client.command(SwitchAllRules, { on: false, reason: 'too many points' }, admin);
    await Promise.all(storm);
    const late = message(70);
    await replica.broker.publish([late]);
    const rows = await host.database.reader.query<{ rules_on: number; outcome: string | null; points: number | null }>(
      `SELECT e.rules_on, o.outcome, o.points FROM rule_events e
       LEFT JOIN rule_outcomes o ON o.event_id = e.event_id AND o.rule_id = ? WHERE e.user_id = 70`,
      [rule.id],
    );
    expect(rows).toHaveLength(81);
    for (const { rules_on, outcome, points } of rows)
      expect([outcome, points]).toEqual(rules_on === 1 ? ['rewarded', 3] : [null, null]);
    expect(await balanceOf(70)).toBe(3 * rows.filter(({ rules_on }) => rules_on === 1).length);
    const explained = await host.client.query(ExplainRuleEvent, { event_id: late.id }, admin);
    expect(explained.rules_on).toBe(false);
    await host.client.command(SwitchAllRules, { on: true, reason: 'all is well' }, admin);
  });

  it('P-06: a rule that is changed while events wait gives each what the version says that was asked', async () => {
    const rule = await enabled();
    const storm = Array.from({ length: 60 }, (_, index) => (index % 2 ? host : replica).broker.publish([message(71)]));
    await storm[10];
    await host.client.command(ChangeRule, { id: rule.id, points: 25 }, admin);
    await Promise.all(storm);
    await host.broker.publish([message(71)]);
    const rows = await host.database.reader.query<{ version: number; points: number }>(
      'SELECT version, points FROM rule_outcomes WHERE rule_id = ? AND user_id = 71',
      [rule.id],
    );
    expect(rows).toHaveLength(61);
    expect(rows.every(({ version, points }) => points === (version === 1 ? 10 : 25))).toBe(true);
    expect(rows.some(({ version }) => version === 2)).toBe(true);
    const sum = rows.reduce((total, { points }) => total + points, 0);
    expect(await balanceOf(71)).toBe(sum);
    expect(await host.client.query(GetRule, { id: rule.id }, admin)).toMatchObject({ points_given: sum, rewards: 61 });
  });

  it('P-06: a copy that comes when nobody remembers the first changes nothing, also by a younger rule', async () => {
    const before = message(72);
    await host.broker.publish([before]);
    await enabled();
    const rewarded = message(72);
    await host.broker.publish([rewarded]);
    expect(await balanceOf(72)).toBe(10);
    await enabled({ points: 50 });
    // What is known is handled without an error, so that it does not come again and again.
    const handled = async () =>
      (await host.database.reader.query<{ message_id: string }>('SELECT message_id FROM inbox')).map(
        (row) => row.message_id,
      );
    await host.database.transaction((tx) => tx.execute('DELETE FROM inbox'));
    await host.broker.publish([before, rewarded]);
    expect(await handled()).toEqual(expect.arrayContaining([before.id, rewarded.id]));
    await host.database.transaction(async (tx) => {
      await tx.execute('DELETE FROM inbox');
      await tx.execute('DELETE FROM rule_events WHERE user_id = 72');
    });
    await replica.broker.publish([rewarded]);
    expect(await handled()).toContain(rewarded.id);
    expect(await balanceOf(72)).toBe(10);
  });

  it('P-06: the window asks when something happened, not when it was heard', async () => {
    const at = (minutes: number) => new Date(host.homeTime.getTime() + minutes * 60_000).toISOString();
    const rule = await enabled({ starts_at: at(-30), ends_at: at(-10), points: 7 });
    const events = [-31, -20, -5].map((minutes) => message(73, { occurred_at: at(minutes) }));
    await host.broker.publish(events);
    const outcomeOf = async ({ id }: EventMessage) => {
      const { rules } = await host.client.query(ExplainRuleEvent, { event_id: id }, admin);
      return rules.find(({ rule_id }) => rule_id === rule.id)?.outcome;
    };
    expect(await Promise.all(events.map(outcomeOf))).toEqual(['outside_window', 'rewarded', 'outside_window']);
    expect(await balanceOf(73)).toBe(7);
  });

  it('P-06: a dry run says what a draft would have given, and gives nothing', async () => {
    for (const userId of [6, 6, 6, 7]) await report(userId, { kind: 'product_reviewed', amount: userId * 100 });
    await heard(3, 6);
    await heard(1, 7);
    const draft = ruleWish({
      condition: { '==': [{ var: 'kind' }, 'product_reviewed'] },
      points: 40,
      percent_field: 'amount',
      percent: 10,
      daily_limit: 2,
    });
    const run = await host.client.query(DryRunRule, { ...draft, days: 5 }, admin);
    expect(run).toMatchObject({ rewards: 3, points: 120, members: 2 });
    expect(run.days).toMatchObject([{ rewards: 3, points: 120 }]);
    expect(run.top_members).toEqual([
      { user_id: 6, rewards: 2, points: 80 },
      { user_id: 7, rewards: 1, points: 40 },
    ]);
    expect(run.outcomes).toContainEqual({ outcome: 'daily_limit', events: 1 });
    expect(run.events).toBe(run.outcomes.reduce((sum, { events }) => sum + events, 0));
    expect(await balanceOf(6)).toBe(0);
  });

  it('P-06: what another system reports counts once, however often and how many at once', async () => {
    await enabled();
    const answers = await Promise.all(Array.from({ length: 20 }, () => report(8, { reference: 'shop:1' })));
    expect(new Set(answers.map(({ reported_at }) => reported_at)).size).toBe(1);
    await eventually(async () => expect(await balanceOf(8)).toBe(10));
    await expect(report(9, { reference: 'shop:1' })).rejects.toEqual(refused('rule.event_reported_differently'));
    expect(await balanceOf(8)).toBe(10);
  });

  it('P-06: forgets events that no dry run asks for any more, and keeps what was rewarded', async () => {
    await enabled();
    await report(11);
    await report(11, { kind: 'order_completed' });
    await eventually(async () => expect(await balanceOf(11)).toBe(10));
    await heard(2, 11);
    const longAgo = new Date(host.homeTime.getTime() - 30.5 * dayMs).toISOString();
    await host.broker.publish([message(12, { occurred_at: longAgo })]);
    await host.moveClock(0.25 * dayMs);
    expect(await host.client.query(DryRunRule, ruleWish(), admin)).toMatchObject({ complete: true });
    await host.moveClock(32 * dayMs);
    await heard(0, 11);
    await eventually(async () =>
      expect(await host.database.reader.query('SELECT outcome FROM rule_outcomes WHERE user_id = 11')).toEqual([
        { outcome: 'rewarded' },
      ]),
    );
    await host.moveClock(0);
  });
});
