import type { AcceptedCheckIn, ExpectedMember } from './expected.ledger.js';
import type { AuditDocument, Backlog, Facts, RecordRow } from './platform.facts.js';

const recordTypes = { checkIn: 1, streakBonus: 4 };
/** The day on which a rank after the first begins, as far as a run lasts. */
const rankDays: readonly number[] = [8, 31];

/** Compares what the engines hold with what the model says; one sentence per difference. */
export function findViolations(expected: readonly ExpectedMember[], facts: Facts): string[] {
  return [
    ...checkInViolations(expected, facts),
    ...recordViolations(expected, facts),
    ...balanceViolations(expected, facts),
    ...auditViolations(expected, facts),
    ...deliveryViolations(expected, facts),
  ];
}

/** Everything that ought to have arrived by now. */
export function findBacklog({ outboxes, queues, deliveries }: Backlog): string[] {
  const waiting = (what: string, counts: Record<string, number>): string[] =>
    Object.entries(counts).flatMap(([name, count]) => (count === 0 ? [] : [`${what} ${name}: ${count}`]));
  return [...waiting('outbox', outboxes), ...waiting('queue', queues), ...waiting('deliveries', { open: deliveries })];
}

/** Each name of `wanted` is in `found` exactly once, and no other name is. */
function differences(what: string, wanted: readonly string[], found: readonly string[]): string[] {
  const counts = new Map<string, number>();
  for (const name of found) counts.set(name, (counts.get(name) ?? 0) + 1);
  const missing = wanted.filter((name) => !counts.has(name)).map((name) => `${what}: missing ${name}`);
  const doubled = [...counts]
    .filter(([, count]) => count > 1)
    .map(([name, count]) => `${what}: ${count} times ${name}`);
  const known = new Set(wanted);
  const orphans = [...counts.keys()].filter((name) => !known.has(name)).map((name) => `${what}: unexpected ${name}`);
  return [...missing, ...doubled, ...orphans];
}

function each<Name>(
  members: readonly ExpectedMember[],
  name: (userId: number, checkIn: AcceptedCheckIn) => Name,
): Name[] {
  return members.flatMap(({ userId, checkIns }) => checkIns.map((checkIn) => name(userId, checkIn)));
}

function checkInViolations(expected: readonly ExpectedMember[], { checkIns }: Facts): string[] {
  const wanted = each(expected, (userId, { id, day, streakDays, totalDays, points }) =>
    JSON.stringify([id, userId, day, streakDays, totalDays, points]),
  );
  const found = checkIns.map(({ id, user_id, day, streak_days, total_days, points }) =>
    JSON.stringify([id, user_id, day, streak_days, total_days, points]),
  );
  return differences('check_ins', wanted, found);
}

function recordViolations(expected: readonly ExpectedMember[], { records }: Facts): string[] {
  const wanted = each(expected, (userId, { day, bonusPoints }) => [
    JSON.stringify([userId, 10, recordTypes.checkIn, `check_in:${userId}:${day}`]),
    ...bonusParts(bonusPoints).map((points, index) =>
      JSON.stringify([userId, points, recordTypes.streakBonus, `streak_bonus:${userId}:${day}:${index}:${points}`]),
    ),
  ]).flat();
  const found = records.map(({ user_id, points, type, idempotency_key }) =>
    JSON.stringify([user_id, points, type, idempotency_key]),
  );
  return [...differences('point_records', wanted, found), ...runningSumViolations(records)];
}

/** Each bonus is a record of its own: 20 on every 7th day, 100 on every 30th. */
function bonusParts(bonusPoints: number): number[] {
  return bonusPoints === 120 ? [20, 100] : bonusPoints > 0 ? [bonusPoints] : [];
}

function runningSumViolations(records: readonly RecordRow[]): string[] {
  const sums = new Map<number, number>();
  return records.flatMap(({ id, user_id, points, balance_after }) => {
    const sum = (sums.get(user_id) ?? 0) + points;
    sums.set(user_id, sum);
    return sum === balance_after ? [] : [`point_records: ${id} says ${balance_after} where the sum is ${sum}`];
  });
}

function balanceViolations(expected: readonly ExpectedMember[], { records, accounts, users }: Facts): string[] {
  const sums = new Map<number, number>();
  for (const { user_id, points } of records) sums.set(user_id, (sums.get(user_id) ?? 0) + points);
  const wantedAccounts = expected.flatMap(({ userId, checkIns }) =>
    checkIns.length === 0 ? [] : [JSON.stringify([userId, checkIns.at(-1)?.balance, 0, checkIns.length])],
  );
  // Who never checked in may have an account, made with the member, which must be untouched.
  const silent = new Set(expected.filter(({ checkIns }) => checkIns.length === 0).map(({ userId }) => userId));
  const used = accounts.filter(
    ({ user_id, balance, frozen, version }) => !silent.has(user_id) || balance !== 0 || frozen !== 0 || version !== 0,
  );
  const foundAccounts = used.map((row) => JSON.stringify([row.user_id, row.balance, row.frozen, row.version]));
  const wantedUsers = expected.map(({ userId, checkIns }) =>
    JSON.stringify([userId, checkIns.at(-1)?.balance ?? 0, checkIns.length]),
  );
  const foundUsers = users.map((row) => JSON.stringify([row.id, row.points, row.points_version]));
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

function auditViolations(expected: readonly ExpectedMember[], { audit }: Facts): string[] {
  const of = (event: string): AuditDocument[] => audit.filter((entry) => entry.event === event);
  const name = (...values: unknown[]): string => JSON.stringify(values);
  return [
    ...differences(
      'audit of check-ins',
      each(expected, (userId, { id, day, points, balance }) => name(userId, id, day, points, balance)),
      of('points.checked_in.v1').map(({ user_id, payload }) =>
        name(user_id, payload?.['check_in_id'], payload?.['day'], payload?.['points'], payload?.['balance']),
      ),
    ),
    ...differences(
      'audit of balances',
      each(expected, (userId, { balance, totalDays }) => name(userId, balance, totalDays)),
      of('points.balance_changed.v1').map(({ user_id, payload }) =>
        name(user_id, payload?.['balance'], payload?.['version']),
      ),
    ),
    ...differences(
      'audit of ranks',
      each(expected, (userId, { totalDays }) => (rankDays.includes(totalDays) ? [name(userId, totalDays)] : [])).flat(),
      of('points.rank_reached.v1').map(({ user_id, payload }) => name(user_id, payload?.['total_days'])),
    ),
    ...differences(
      'audit of members',
      expected.map(({ userId }) => name(userId)),
      of('user.created.v1').map(({ user_id }) => name(user_id)),
    ),
  ];
}

/** A delivery names its event, the event is the audit entry's id, and that entry names the check-in. */
function deliveryViolations(expected: readonly ExpectedMember[], { audit, deliveries }: Facts): string[] {
  const events = new Map(
    audit
      .filter(({ event }) => event === 'points.checked_in.v1')
      .map((entry) => [entry.payload?.['check_in_id'], entry]),
  );
  const wanted = each(expected, (userId, { id, bonusPoints }) => {
    const eventId = events.get(id)?._id ?? `the event of check-in ${id}`;
    const receipt = `${userId} ${eventId}:telegram:check_in_receipt`;
    return bonusPoints > 0 ? [receipt, `${userId} ${eventId}:telegram:streak_bonus`] : [receipt];
  }).flat();
  const ranks = audit
    .filter(({ event }) => event === 'points.rank_reached.v1')
    .map(({ _id, user_id }) => `${user_id} ${_id}:telegram:rank_reached`);
  return differences(
    'deliveries',
    [...wanted, ...ranks],
    deliveries.map(({ user_id, dedupe_key }) => `${user_id} ${dedupe_key}`),
  );
}
