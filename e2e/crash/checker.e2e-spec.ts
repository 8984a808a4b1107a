import { describe, expect, it } from 'vitest';
import { findBacklog, findViolations } from './consistency.checker.js';
import { planCrashRun } from './crash.plan.js';
import { ExpectedLedger } from './expected.ledger.js';
import type { Facts } from './platform.facts.js';

const userId = 7;
const days = Array.from({ length: 7 }, (_, index) => `2026-03-0${index + 1}`);

/** The books of one member who came on seven days in a row, as they must be. */
function consistent(): { ledger: ExpectedLedger; facts: Facts } {
  const ledger = new ExpectedLedger([userId]);
  const facts: Facts = { checkIns: [], records: [], accounts: [], users: [], deliveries: [], audit: [] };
  for (const [index, day] of days.entries()) {
    const [id, streak] = [index + 1, index + 1];
    const bonus = streak === 7 ? 20 : 0;
    const balance = streak * 10 + bonus;
    const points = 10 + bonus;
    const bonuses = bonus > 0 ? [{ points: bonus }] : [];
    ledger.accept(userId, day, { id, day, points, bonuses, streak_days: streak, total_days: streak, balance });
    facts.checkIns.push({ id, user_id: userId, day, streak_days: streak, total_days: streak, points });
    const record = { user_id: userId, balance_after: streak * 10 };
    facts.records.push({ ...record, id, points: 10, type: 1, idempotency_key: `check_in:${userId}:${day}` });
    const event = { user_id: userId, payload: { check_in_id: id, day, points, balance, version: streak } };
    facts.audit.push({ ...event, _id: `event-${id}`, event: 'points.checked_in.v1' });
    facts.audit.push({ ...event, _id: `change-${id}`, event: 'points.balance_changed.v1' });
    const delivery = { user_id: userId, template: 'check_in_receipt', status: 'sent' };
    facts.deliveries.push({ ...delivery, dedupe_key: `event-${id}:telegram:check_in_receipt` });
  }
  const bonusKey = `streak_bonus:${userId}:${days[6]}:0:20`;
  facts.records.push({ id: 8, user_id: userId, points: 20, type: 4, balance_after: 90, idempotency_key: bonusKey });
  facts.deliveries.push({
    user_id: userId,
    template: 'streak_bonus',
    status: 'sent',
    dedupe_key: 'event-7:telegram:streak_bonus',
  });
  facts.audit.push({ _id: 'created', event: 'user.created.v1', user_id: userId, payload: {} });
  facts.accounts.push({ user_id: userId, balance: 90, frozen: 0, version: 7 });
  facts.users.push({ id: userId, points: 90, points_version: 7 });
  return { ledger, facts };
}

const damages: [string, (facts: Facts) => void, RegExp][] = [
  ['a lost check-in', ({ checkIns }) => checkIns.pop(), /^check_ins: missing/],
  ['a doubled check-in', ({ checkIns }) => checkIns.push({ ...checkIns[0]!, id: 99 }), /^check_ins: unexpected/],
  ['a broken streak', ({ checkIns }) => (checkIns[3]!.streak_days = 1), /^check_ins: missing/],
  ['a lost record', ({ records }) => records.pop(), /^point_records: missing/],
  ['a doubled record', ({ records }) => records.push({ ...records[0]! }), /^point_records: 2 times/],
  ['a record of nobody', ({ records }) => records.push({ ...records[0]!, user_id: 8 }), /^point_records: unexpected/],
  ['a wrong running sum', ({ records }) => (records[2]!.balance_after = 1), /^point_records: 3 says 1/],
  ['a wrong balance', ({ accounts }) => (accounts[0]!.balance = 80), /^books: user 7 has 80/],
  ['a balance below zero', ({ accounts }) => (accounts[0]!.balance = -1), /below zero/],
  ['a stale profile', ({ users }) => (users[0]!.points = 80), /^users: missing/],
  ['a lost audit entry', ({ audit }) => audit.splice(0, 1), /^audit of check-ins: missing/],
  ['a doubled audit entry', ({ audit }) => audit.push({ ...audit[1]!, _id: 'new' }), /^audit of balances: 2 times/],
  ['a member met twice', ({ audit }) => audit.push({ ...audit.at(-1)!, _id: 'new' }), /^audit of members: 2 times/],
  ['a lost notification', ({ deliveries }) => deliveries.pop(), /^deliveries: missing/],
  ['a doubled notification', ({ deliveries }) => deliveries.push({ ...deliveries[0]! }), /^deliveries: 2 times/],
  ['an orphan', ({ deliveries }) => (deliveries[0]!.dedupe_key = 'other:telegram:welcome'), /^deliveries: unexpected/],
];

describe('the checks of the crash test', () => {
  it('find nothing wrong with right books', () => {
    const { ledger, facts } = consistent();
    expect(findViolations(ledger.members(), facts)).toEqual([]);
  });

  it.each(damages)('find %s', (_what, damage, sign) => {
    const { ledger, facts } = consistent();
    damage(facts);
    expect(findViolations(ledger.members(), facts)).toContainEqual(expect.stringMatching(sign));
  });

  it('find an answer that differs from the model', () => {
    const answer = { id: 1, day: '2026-03-01', points: 20, bonuses: [], streak_days: 1, total_days: 1, balance: 20 };
    expect(new ExpectedLedger([userId]).accept(userId, '2026-03-01', answer)).toHaveLength(1);
  });

  it('find what is still on its way', () => {
    const backlog = { outboxes: { points: 1, user: 0 }, queues: { 'dead.events.user': 2 }, deliveries: 0 };
    expect(findBacklog(backlog)).toEqual(['outbox points: 1', 'queue dead.events.user: 2']);
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
