import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { communityDay } from '#calendar';
import {
  BusinessEventReported,
  businessEventKinds,
  DryRunRule,
  ListRuleEvents,
  SwitchRule,
  type OutputOf,
  type RuleOutcome,
} from '#contracts';
import { fromSqlTime, type SqlTime } from '#database';
import type { EventMessage } from '#messaging';
import { eventually } from '#testing';
import { onEachDatabase } from '#testing/engines';
import { callOf, memberCall, ServiceHost } from '#testing/service.host';
import { pointsService } from '../points.module.js';
import { enabledRule, ruleWish } from './rule-draft.fixture.js';

const timezone = 'Asia/Shanghai';
const hourMs = 3_600_000;
const admin = memberCall(900, 'admin');
const call = callOf({ kind: 'system', name: 'shop' });

interface Happening {
  readonly member: number;
  readonly kind: (typeof businessEventKinds)[number];
  readonly amount: number;
  readonly hoursAgo: number;
}

const happenings = fc.array(
  fc.record<Happening>({
    member: fc.integer({ min: 1, max: 6 }),
    kind: fc.constantFrom(...businessEventKinds),
    amount: fc.integer({ min: 0, max: 400 }),
    // Often at the same moment.
    hoursAgo: fc.integer({ min: 0, max: 70 }),
  }),
  { minLength: 40, maxLength: 80 },
);

const amount = { var: 'amount' };
const limit = (most: number) => fc.option(fc.integer({ min: 1, max: most }), { freq: 2 });
const drafts = fc
  .record({
    condition: fc.constantFrom(
      null,
      { '<': [amount, 200] },
      { and: [{ in: [{ var: 'kind' }, ['order_completed', 'product_shared']] }, { '>': [amount, 50] }] },
      { '!': [{ or: [{ '<': [{ var: 'hour' }, 12] }, { '==': [{ var: 'kind' }, 'product_reviewed'] }] }] },
    ),
    points: fc.integer({ min: 1, max: 50 }),
    percent: fc.option(fc.integer({ min: 1, max: 30 })),
    daily_limit: limit(3),
    total_limit: limit(6),
    daily_budget: limit(300),
    total_budget: limit(700),
    startsHoursAgo: limit(60),
    endsHoursAgo: limit(10),
  })
  .map(({ startsHoursAgo, endsHoursAgo, ...said }) => {
    const { points, percent, daily_limit: daily, daily_budget: budget } = said;
    const ago = (hours: number | null) => (hours === null ? null : new Date(Date.now() - hours * hourMs).toISOString());
    const least = (wanted: number | null) => wanted && Math.max(wanted, points, budget ?? 0);
    return ruleWish({
      ...said,
      percent_field: percent === null ? null : 'amount',
      total_limit: said.total_limit && Math.max(said.total_limit, daily ?? 1),
      daily_budget: budget && Math.max(budget, points),
      total_budget: least(said.total_budget) ?? 100_000,
      starts_at: ago(startsHoursAgo && startsHoursAgo + 10),
      ends_at: ago(endsHoursAgo),
    });
  });

onEachDatabase('dry runs of rules', (engine) => {
  let host: ServiceHost;
  beforeAll(async () => {
    host = await ServiceHost.start(pointsService, engine, { COMMUNITY_TIMEZONE: timezone });
  });
  afterAll(() => host.stop());

  const messageOf = ({ member, kind, amount: worth, hoursAgo }: Happening): EventMessage => ({
    id: randomUUID(),
    name: BusinessEventReported.name,
    service: 'points',
    occurred_at: new Date(Math.floor(Date.now() / hourMs) * hourMs - hoursAgo * hourMs).toISOString(),
    call,
    payload: { kind, reference: randomUUID(), user_id: member, amount: worth },
  });
  /** As a broker delivers them: in the order of time, each part of them in one transaction, in which they lie as they like. */
  const happen = async (all: readonly Happening[], batchSize: number): Promise<void> => {
    const messages = all
      .map(messageOf)
      .sort((left, right) => (left.occurred_at + left.id < right.occurred_at + right.id ? -1 : 1));
    for (let from = 0; from < messages.length; from += batchSize)
      await host.broker.publish(messages.slice(from, from + batchSize).reverse());
    await eventually(async () =>
      expect((await host.client.query(ListRuleEvents, {}, admin)).total).toBe(messages.length),
    );
  };

  /** What the engine has given, in the words of a dry run. */
  const givenBy = async (rule: number): Promise<Partial<OutputOf<typeof DryRunRule>>> => {
    const rows = await host.database.reader.query<{
      outcome: RuleOutcome;
      user_id: number;
      points: number;
      occurred_at: SqlTime;
    }>('SELECT outcome, user_id, points, occurred_at FROM rule_outcomes WHERE rule_id = ?', [rule]);
    const rewarded = rows.filter(({ outcome }) => outcome === 'rewarded');
    const some = <Key>(all: typeof rows, keyOf: (row: (typeof rows)[number]) => Key) =>
      [...new Set(all.map(keyOf))].map((key) => [key, all.filter((row) => keyOf(row) === key)] as const);
    const tally = (of: typeof rows) => ({
      rewards: of.length,
      points: of.reduce((sum, { points }) => sum + points, 0),
    });
    return {
      events: rows.length,
      ...tally(rewarded),
      outcomes: some(rows, ({ outcome }) => outcome).map(([outcome, { length }]) => ({ outcome, events: length })),
      days: some(rewarded, ({ occurred_at }) => communityDay(fromSqlTime(occurred_at), timezone))
        .map(([day, of]) => ({ day, ...tally(of) }))
        .toSorted((left, right) => left.day.localeCompare(right.day)),
      top_members: some(rewarded, ({ user_id }) => user_id).map(([user_id, of]) => ({ user_id, ...tally(of) })),
    };
  };

  it('P-06: say exactly what the rules then give, whatever they ask and however events arrive', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(drafts, { minLength: 6, maxLength: 6 }),
        happenings,
        fc.integer({ min: 1, max: 30 }),
        async (wishes, all, batchSize) => {
          await host.database.transaction((tx) => tx.execute('DELETE FROM rule_events'));
          const ids: number[] = [];
          for (const wish of wishes) ids.push((await enabledRule(host, wish)).id);
          await happen(all, batchSize);
          for (const [index, wish] of wishes.entries()) {
            const { outcomes, top_members, ...run } = await host.client.query(DryRunRule, { ...wish, days: 5 }, admin);
            const given = await givenBy(ids[index] as number);
            expect({ ...run, outcomes: new Set(outcomes), top_members: new Set(top_members) }).toMatchObject({
              ...given,
              outcomes: new Set(given.outcomes),
              top_members: new Set(given.top_members),
            });
          }
          for (const id of ids) await host.client.command(SwitchRule, { id, enabled: false }, admin);
        },
      ),
      { numRuns: 3, endOnFailure: true },
    );
  });
});
