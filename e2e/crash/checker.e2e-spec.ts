import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { consistentBooks } from './books.fixture.js';
import { findBacklog, findViolations } from './consistency.checker.js';
import { planCrashRun } from './crash.plan.js';
import { ExpectedLedger } from './expected.ledger.js';
import { mutants, plantedIn } from './mutants.js';
import type { Facts } from './platform.facts.js';

const without = <Row>(rows: Row[], isIt: (row: Row) => boolean): unknown => rows.splice(rows.findIndex(isIt), 1);
const eventOf =
  (event: string) =>
  (entry: { event: string }): boolean =>
    entry.event === event;
const templateOf =
  (template: string) =>
  (delivery: { template: string }): boolean =>
    delivery.template === template;

const damages: [string, (facts: Facts) => unknown, RegExp][] = [
  ['a lost check-in', ({ checkIns }) => checkIns.shift(), /^check_ins: missing/],
  ['a doubled check-in', ({ checkIns }) => checkIns.push({ ...checkIns[0]!, id: 99 }), /^check_ins: unexpected/],
  ['a broken streak', ({ checkIns }) => (checkIns[3]!.streak_days = 1), /^check_ins: missing/],
  ['a makeup without its day', ({ checkIns }) => checkIns.pop(), /^check_ins: missing \[null/],
  ['a day made up twice', ({ checkIns }) => checkIns.push({ ...checkIns.at(-1)!, id: 99 }), /^check_ins: 2 times/],
  ['a card that was not taken', ({ accounts }) => (accounts[0]!.makeup_cards = 4), /^point_accounts: missing/],
  ['a lost record', ({ records }) => records.pop(), /^point_records: missing/],
  ['a doubled record', ({ records }) => records.push({ ...records[0]! }), /^point_records: 2 times/],
  ['a record of nobody', ({ records }) => records.push({ ...records[0]!, user_id: 8 }), /^point_records: unexpected/],
  ['a wrong running sum', ({ records }) => (records[2]!.balance_after = 1), /^point_records: 3 says 1/],
  ['a wrong balance', ({ accounts }) => (accounts[0]!.balance = 80), /^books: user 7 has 80/],
  ['a balance below zero', ({ accounts }) => (accounts[0]!.balance = -1), /below zero/],
  ['a lost order', ({ orders }) => orders.pop(), /^orders: missing/],
  ['a doubled order', ({ orders }) => orders.push({ ...orders[0]!, id: 12 }), /^orders: unexpected/],
  ['stock that was not taken', ({ items }) => (items[0]!.stock = 1), /^stock: item 3 was sold out, and is not/],
  ['stock that was taken twice', ({ items }) => (items[0]!.stock = -1), /^stock: missing/],
  ['stock that did not come back', ({ items }) => (items[1]!.stock = 8), /^stock: missing/],
  ['a cancelled order that is open', ({ orders }) => (orders[1]!.status = 'paid'), /^orders: missing/],
  ['a refund given twice', ({ records }) => records.push({ ...records.at(-1)! }), /^point_records: 2 times/],
  ['a limit that counted twice', ({ items }) => (items[0]!.bought = 2), /^stock: missing/],
  ['a lost place', ({ participants }) => participants.pop(), /^participants: missing/],
  ['a forgotten reward', ({ participants }) => (participants[0]!.status = 'joined'), /^participants: missing/],
  ['a place too many', ({ activities }) => (activities[0]!.joined = 2), /^activities: 4 has 2 of 1/],
  ['a place that was not counted', ({ activities }) => (activities[0]!.joined = 0), /^activities: 4 has 0 of 1/],
  ['a stale profile', ({ users }) => (users[0]!.points = 80), /^users: missing/],
  [
    'a lost audit entry',
    ({ audit }) => without(audit, eventOf('points.checked_in.v1')),
    /^audit of check-ins: missing/,
  ],
  ['a doubled audit entry', ({ audit }) => audit.push({ ...audit[0]!, _id: 'new' }), /^audit of balances: 2 times/],
  ['a makeup not audited', ({ audit }) => without(audit, eventOf('points.day_made_up.v1')), /^audit of makeups: mis/],
  [
    'an order not audited',
    ({ audit }) => without(audit, eventOf('points.order_placed.v1')),
    /^audit of orders: missing/,
  ],
  [
    'a cancellation not audited',
    ({ audit }) => without(audit, eventOf('points.order_moved.v1')),
    /^audit of cancellations: missing/,
  ],
  [
    'a cancellation untold',
    ({ deliveries }) => without(deliveries, ({ dedupe_key }) => dedupe_key.startsWith('event-cancellation')),
    /^deliveries: missing 7 event-cancellation/,
  ],
  [
    'a grant not audited',
    ({ audit }) => without(audit, eventOf('points.item_granted.v1')),
    /^audit of grants: missing/,
  ],
  ['a place not audited', ({ audit }) => without(audit, eventOf('points.activity_joined.v1')), /^audit of seats: miss/],
  [
    'a reward not audited',
    ({ audit }) => without(audit, eventOf('points.activity_completed.v1')),
    /^audit of rewards: /,
  ],
  ['a member met twice', ({ audit }) => audit.push({ ...audit.at(-1)!, _id: 'new' }), /^audit of members: 2 times/],
  ['a lost receipt', ({ deliveries }) => without(deliveries, templateOf('check_in_receipt')), /^deliveries: missing/],
  ['an order untold', ({ deliveries }) => without(deliveries, templateOf('order_news')), /^deliveries: .*order_news/],
  ['a reward untold', ({ deliveries }) => without(deliveries, templateOf('activity_completed')), /activity_completed$/],
  ['a doubled notification', ({ deliveries }) => deliveries.push({ ...deliveries[0]! }), /^deliveries: 2 times/],
  ['an orphan', ({ deliveries }) => (deliveries[0]!.dedupe_key = 'other:telegram:welcome'), /^deliveries: unexpected/],
];

describe('the checks of the crash test', () => {
  it('find nothing wrong with right books', () => {
    const { ledger, facts, wrongAnswers } = consistentBooks();
    expect(wrongAnswers).toEqual([]);
    expect(findViolations(ledger.books(), facts)).toEqual([]);
  });

  it.each(damages)('find %s', (_what, damage, sign) => {
    const { ledger, facts } = consistentBooks();
    damage(facts);
    expect(findViolations(ledger.books(), facts)).toContainEqual(expect.stringMatching(sign));
  });

  it('find an answer that differs from the model', () => {
    const said = { bonuses: [], streak_days: 1, total_days: 1, makeup_cards: 3 };
    const answer = { id: 1, day: '2026-03-01', points: 20, balance: 20, ...said };
    expect(new ExpectedLedger([7]).acceptCheckIn(7, '2026-03-01', answer)).toHaveLength(1);
  });

  it('find what is still on its way', () => {
    const backlog = { outboxes: { points: 1, user: 0 }, queues: { 'dead.events.user': 2 }, deliveries: 0 };
    expect(findBacklog(backlog)).toEqual(['outbox points: 1', 'queue dead.events.user: 2']);
  });
});

describe('the planted bugs', () => {
  // From the build: what a bug replaces must still be there, or nobody notices that it is planted no more.
  it.each(mutants.map((mutant) => [mutant.name, mutant] as const))('can be planted: %s', (_name, mutant) => {
    const text = readFileSync(join('dist', mutant.file), 'utf8');
    expect(plantedIn(text, mutant)).not.toBe(text);
  });
});

describe('the plan', () => {
  it('is the same for the same seed, and another for another', () => {
    const size = { memberCount: 50, dayCount: 8 };
    expect(planCrashRun(5, size)).toEqual(planCrashRun(5, size));
    expect(planCrashRun(5, size)).not.toEqual(planCrashRun(6, size));
  });

  it('kills at least ten processes, every service among them, and every engine', () => {
    const actions = planCrashRun(1, { memberCount: 50, dayCount: 8 }).faults.map(({ action }) => action);
    const killed = actions.flatMap((action) => (action.kind === 'kill' ? [action] : []));
    expect(killed.flatMap(({ replicas }) => replicas).length).toBeGreaterThanOrEqual(10);
    expect(new Set(killed.map(({ service }) => service)).size).toBe(5);
    const engines = actions.flatMap((action) => (action.kind === 'engine' ? [action.engine] : []));
    expect(new Set(engines)).toEqual(new Set(['rabbitmq', 'mariadb', 'redis', 'mongodb']));
  });
});
