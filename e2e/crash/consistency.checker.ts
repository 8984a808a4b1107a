import { differences, nameOf } from './difference.finder.js';
import type { ExpectedBooks, ExpectedMember } from './expected.types.js';
import { offerViolations } from './offer.checker.js';
import type { Backlog, Facts, RecordRow } from './platform.facts.js';
import { auditViolations, deliveryViolations } from './trace.checker.js';

/** Compares what the engines hold with what the model says; one sentence per difference. */
export function findViolations(expected: ExpectedBooks, facts: Facts): string[] {
  return [
    ...markViolations(expected.members, facts),
    ...recordViolations(expected.members, facts),
    ...balanceViolations(expected.members, facts),
    ...offerViolations(expected, facts),
    ...auditViolations(expected, facts),
    ...deliveryViolations(expected.members, facts),
  ];
}

/** Everything that ought to have arrived by now. */
export function findBacklog({ outboxes, queues, deliveries }: Backlog): string[] {
  const waiting = (what: string, counts: Record<string, number>): string[] =>
    Object.entries(counts).flatMap(([name, count]) => (count === 0 ? [] : [`${what} ${name}: ${count}`]));
  return [...waiting('outbox', outboxes), ...waiting('queue', queues), ...waiting('deliveries', { open: deliveries })];
}

/** A day that was made up is there once too, and makes the run that it closes longer. */
function markViolations(members: readonly ExpectedMember[], { checkIns }: Facts): string[] {
  const wanted = members.flatMap(({ userId, marks }) =>
    marks.map(({ id, day, streakDays, totalDays, points, isMakeup }) =>
      nameOf(id, userId, day, streakDays, totalDays, points, isMakeup),
    ),
  );
  const found = checkIns.map(({ id, user_id, day, streak_days, total_days, points, is_makeup }) =>
    nameOf(is_makeup === 1 ? null : id, user_id, day, streak_days, total_days, points, is_makeup === 1),
  );
  return differences('check_ins', wanted, found);
}

function recordViolations(members: readonly ExpectedMember[], { records }: Facts): string[] {
  const wanted = members.flatMap(({ userId, postings }) =>
    postings.flatMap((posting) => posting.records.map(({ points, type, key }) => nameOf(userId, points, type, key))),
  );
  const found = records.map(({ user_id, points, type, idempotency_key }) =>
    nameOf(user_id, points, type, idempotency_key),
  );
  return [...differences('point_records', wanted, found), ...runningSumViolations(records)];
}

function runningSumViolations(records: readonly RecordRow[]): string[] {
  const sums = new Map<number, number>();
  return records.flatMap(({ id, user_id, points, balance_after }) => {
    const sum = (sums.get(user_id) ?? 0) + points;
    sums.set(user_id, sum);
    return sum === balance_after ? [] : [`point_records: ${id} says ${balance_after} where the sum is ${sum}`];
  });
}

function balanceViolations(members: readonly ExpectedMember[], { records, accounts, users }: Facts): string[] {
  const sums = new Map<number, number>();
  for (const { user_id, points } of records) sums.set(user_id, (sums.get(user_id) ?? 0) + points);
  const active = members.filter(({ marks }) => marks.length > 0);
  const wantedAccounts = active.map(({ userId, postings, makeupCards }) =>
    nameOf(userId, postings.at(-1)?.balance ?? 0, 0, postings.length, makeupCards),
  );
  // Who never checked in may have an account, made with the member, which must be untouched.
  const silent = new Set(members.filter(({ marks }) => marks.length === 0).map(({ userId }) => userId));
  const used = accounts.filter(
    ({ user_id, balance, frozen, version }) => !silent.has(user_id) || balance !== 0 || frozen !== 0 || version !== 0,
  );
  const foundAccounts = used.map((row) => nameOf(row.user_id, row.balance, row.frozen, row.version, row.makeup_cards));
  const wantedUsers = members.map(({ userId, postings }) =>
    nameOf(userId, postings.at(-1)?.balance ?? 0, postings.length),
  );
  const foundUsers = users.map((row) => nameOf(row.id, row.points, row.points_version));
  return [
    ...differences('point_accounts', wantedAccounts, foundAccounts),
    ...differences('users', wantedUsers, foundUsers),
    ...accounts.flatMap(({ user_id, balance }) => {
      const sum = sums.get(user_id) ?? 0;
      return sum === balance ? [] : [`books: user ${user_id} has ${balance}, the records' sum is ${sum}`];
    }),
    ...accounts.filter(({ balance }) => balance < 0).map(({ user_id }) => `books: user ${user_id} is below zero`),
  ];
}
