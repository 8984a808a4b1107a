import { differences, nameOf } from './difference.finder.js';
import type { ExpectedBooks, ExpectedMember } from './expected.types.js';
import type { AuditDocument, Facts } from './platform.facts.js';

/** The day on which a rank after the first begins, as far as a run lasts. */
const rankDays: readonly number[] = [8, 31];

type NamesOf = (member: ExpectedMember) => readonly (readonly unknown[])[];

/** What is audited: the event, the fields of its payload that are compared behind the member, and what they must be. */
const audited: readonly { what: string; event: string; fields: readonly string[]; wanted: NamesOf }[] = [
  {
    what: 'check-ins',
    event: 'points.checked_in.v1',
    fields: ['check_in_id', 'day', 'streak_days', 'points', 'balance'],
    wanted: ({ checkIns }) =>
      checkIns.map(({ id, day, streakDays, points, balance }) => [id, day, streakDays, points, balance]),
  },
  {
    what: 'makeups',
    event: 'points.day_made_up.v1',
    fields: ['day', 'streak_days', 'total_days', 'makeup_cards', 'balance'],
    wanted: ({ makeups }) =>
      makeups.map((made) => [made.day, made.streakDays, made.totalDays, made.makeupCards, made.balance]),
  },
  {
    what: 'balances',
    event: 'points.balance_changed.v1',
    fields: ['balance', 'version'],
    wanted: ({ postings }) => postings.map(({ balance, version }) => [balance, version]),
  },
  {
    what: 'ranks',
    event: 'points.rank_reached.v1',
    fields: ['total_days'],
    wanted: ({ marks }) => marks.flatMap(({ totalDays }) => (rankDays.includes(totalDays) ? [[totalDays]] : [])),
  },
  {
    what: 'orders',
    event: 'points.order_placed.v1',
    fields: ['order_id', 'exchange_id', 'points_cost', 'balance'],
    wanted: ({ orders }) => orders.map(({ id, itemId, points, balance }) => [id, itemId, points, balance]),
  },
  {
    what: 'grants',
    event: 'points.item_granted.v1',
    fields: ['order_id'],
    wanted: ({ orders }) => orders.flatMap(({ id, status }) => (status === 'completed' ? [[id]] : [])),
  },
  {
    what: 'cancellations',
    event: 'points.order_moved.v1',
    fields: ['order_id', 'from', 'to', 'points_refunded'],
    wanted: ({ orders }) =>
      orders.flatMap(({ id, status, points }) => (status === 'cancelled' ? [[id, 'paid', status, points]] : [])),
  },
  {
    what: 'seats',
    event: 'points.activity_joined.v1',
    fields: ['activity_id', 'status'],
    wanted: ({ seats }) => seats.map(({ activityId }) => [activityId, 'joined']),
  },
  {
    what: 'rewards',
    event: 'points.activity_completed.v1',
    fields: ['activity_id', 'balance'],
    wanted: ({ seats }) =>
      seats.flatMap(({ activityId, rewardedBalance }) =>
        rewardedBalance === null ? [] : [[activityId, rewardedBalance]],
      ),
  },
  { what: 'members', event: 'user.created.v1', fields: [], wanted: () => [[]] },
];

/** Each event of the run has one entry in the audit log. */
export function auditViolations({ members }: ExpectedBooks, { audit }: Facts): string[] {
  return audited.flatMap(({ what, event, fields, wanted }) =>
    differences(
      `audit of ${what}`,
      members.flatMap((member) => wanted(member).map((values) => nameOf(member.userId, ...values))),
      audit
        .filter((entry) => entry.event === event)
        .map(({ user_id, payload }) => nameOf(user_id, ...fields.map((field) => payload?.[field]))),
    ),
  );
}

/** A delivery names its event, the event is the audit entry's id, and that entry names the fact it was about. */
export function deliveryViolations(members: readonly ExpectedMember[], { audit, deliveries }: Facts): string[] {
  const events = new Map(audit.map((entry) => [factOf(entry), entry._id]));
  const told = (userId: number, event: string, fact: number, template: string): string =>
    `${userId} ${events.get(nameOf(event, userId, fact)) ?? `the ${event} of ${fact}`}:telegram:${template}`;
  const wanted = members.flatMap(({ userId, checkIns, orders, seats }) => [
    ...checkIns.flatMap(({ id, bonusPoints }) => [
      told(userId, 'points.checked_in.v1', id, 'check_in_receipt'),
      ...(bonusPoints > 0 ? [told(userId, 'points.checked_in.v1', id, 'streak_bonus')] : []),
    ]),
    ...orders.flatMap(({ id, status }) => [
      told(userId, 'points.order_placed.v1', id, 'order_news'),
      ...(status === 'cancelled' ? [told(userId, 'points.order_moved.v1', id, 'order_news')] : []),
    ]),
    ...seats.flatMap(({ activityId, rewardedBalance }) =>
      rewardedBalance === null ? [] : [told(userId, 'points.activity_completed.v1', activityId, 'activity_completed')],
    ),
  ]);
  const ranks = audit
    .filter(({ event }) => event === 'points.rank_reached.v1')
    .map(({ _id, user_id }) => `${user_id} ${_id}:telegram:rank_reached`);
  return differences(
    'deliveries',
    [...wanted, ...ranks],
    deliveries.map(({ user_id, dedupe_key }) => `${user_id} ${dedupe_key}`),
  );
}

/** What members are told about, by the number it has in its event. */
const factFields: Readonly<Record<string, string>> = {
  'points.checked_in.v1': 'check_in_id',
  'points.order_placed.v1': 'order_id',
  'points.order_moved.v1': 'order_id',
  'points.activity_completed.v1': 'activity_id',
};

function factOf({ event, user_id, payload }: AuditDocument): string {
  const field = factFields[event];
  return nameOf(event, user_id, field === undefined ? null : payload?.[field]);
}
