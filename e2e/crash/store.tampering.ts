import type { RealPlatform } from '../platform/index.js';
import { realStores, withAuditCollection } from './stores.js';

/** One damage that was done, and how the checks must name it. */
export interface Damage {
  readonly what: string;
  readonly sign: RegExp;
}

/** A damage by SQL; `victim` is the row's number and its member, taken from the rows of `from`. */
interface Tampering {
  readonly what: string;
  readonly service: 'points' | 'user' | 'notification';
  readonly from: string;
  readonly sql: (victim: Numbered) => string;
  readonly sign: (victim: Numbered) => string;
}

interface Numbered {
  id: number;
  user_id: number;
}

const checkIns = 'check_ins WHERE is_makeup = 0';
const makeups = 'check_ins WHERE is_makeup = 1';
const orders = 'points_exchange_records';
const cancellations = "points_exchange_records WHERE status = 'cancelled'";
/** A participant has no number of its own: the activity's stands for it. */
const participants =
  "(SELECT activity_id AS id, user_id FROM activity_participants WHERE status = 'completed') rewarded";

const inPoints: readonly Tampering[] = [
  {
    what: 'a lost check-in',
    service: 'points',
    from: checkIns,
    sql: ({ id }) => `DELETE FROM check_ins WHERE id = ${id}`,
    sign: ({ id, user_id }) => `^check_ins: missing \\[${id},${user_id},`,
  },
  {
    what: 'a doubled record',
    service: 'points',
    from: checkIns,
    sql: ({ user_id }) =>
      `INSERT INTO point_records (user_id, points, type, balance_after, idempotency_key)
       SELECT user_id, points, type, balance_after, 'again' FROM point_records WHERE user_id = ${user_id} LIMIT 1`,
    sign: ({ user_id }) => `^books: user ${user_id} has `,
  },
  {
    what: 'a wrong balance',
    service: 'points',
    from: checkIns,
    sql: ({ user_id }) => `UPDATE point_accounts SET balance = balance - 1 WHERE user_id = ${user_id}`,
    sign: ({ user_id }) => `^point_accounts: missing \\[${user_id},`,
  },
  {
    what: 'a makeup that left no day',
    service: 'points',
    from: makeups,
    sql: ({ id }) => `DELETE FROM check_ins WHERE id = ${id}`,
    sign: ({ user_id }) => `^check_ins: missing \\[null,${user_id},`,
  },
  {
    what: 'a card that was not taken',
    service: 'points',
    from: makeups,
    sql: ({ user_id }) => `UPDATE point_accounts SET makeup_cards = makeup_cards + 1 WHERE user_id = ${user_id}`,
    sign: ({ user_id }) => `^point_accounts: missing \\[${user_id},`,
  },
  {
    what: 'an order that is gone',
    service: 'points',
    from: orders,
    sql: ({ id }) => `DELETE FROM points_exchange_records WHERE id = ${id}`,
    sign: ({ id, user_id }) => `^orders: missing \\[${id},${user_id},`,
  },
  {
    what: 'a purchase that was not paid',
    service: 'points',
    from: orders,
    sql: ({ id }) => `DELETE FROM point_records WHERE idempotency_key = 'shop_purchase:${id}'`,
    sign: ({ id, user_id }) => `^point_records: missing \\[${user_id},-20,6,"shop_purchase:${id}"`,
  },
  {
    what: 'a cancellation that gave nothing back',
    service: 'points',
    from: cancellations,
    sql: ({ id }) => `DELETE FROM point_records WHERE idempotency_key = 'shop_refund:${id}'`,
    sign: ({ id, user_id }) => `^point_records: missing \\[${user_id},20,7,"shop_refund:${id}"`,
  },
  {
    what: 'stock that was taken twice',
    service: 'points',
    from: orders,
    sql: () => 'UPDATE points_exchanges SET stock = stock - 1 ORDER BY id LIMIT 1',
    sign: () => '^stock: missing ',
  },
  {
    what: 'a place that was taken twice',
    service: 'points',
    from: participants,
    // The database itself refuses more places than there are.
    sql: ({ id }) =>
      `UPDATE activities SET capacity = GREATEST(capacity, joined + 1), joined = joined + 1 WHERE id = ${id}`,
    sign: ({ id }) => `^activities: missing \\[${id},`,
  },
  {
    what: 'a reward that was forgotten',
    service: 'points',
    from: participants,
    sql: ({ id, user_id }) =>
      `UPDATE activity_participants SET status = 'joined', points = NULL WHERE activity_id = ${id} AND user_id = ${user_id}`,
    sign: ({ id, user_id }) => `^participants: missing \\[${id},${user_id},"completed"`,
  },
];

function untold(template: string): Omit<Tampering, 'from' | 'what'> {
  return {
    service: 'notification',
    sql: ({ user_id }) => `DELETE FROM deliveries WHERE user_id = ${user_id} AND template = '${template}' LIMIT 1`,
    sign: ({ user_id }) => `^deliveries: missing ${user_id} [^ ]+:telegram:${template}$`,
  };
}

const elsewhere: readonly Tampering[] = [
  {
    what: 'a profile that missed an event',
    service: 'user',
    from: checkIns,
    sql: ({ user_id }) => `UPDATE users SET points = points - 10 WHERE id = ${user_id}`,
    sign: ({ user_id }) => `^users: missing \\[${user_id},`,
  },
  { what: 'a receipt that was never written', from: checkIns, ...untold('check_in_receipt') },
  { what: 'an order that nobody was told of', from: orders, ...untold('order_news') },
  { what: 'a reward that nobody was told of', from: participants, ...untold('activity_completed') },
  {
    what: 'a message of another event',
    service: 'notification',
    from: checkIns,
    sql: ({ user_id }) =>
      `UPDATE deliveries SET dedupe_key = CONCAT('x', dedupe_key) WHERE user_id = ${user_id} LIMIT 1`,
    sign: ({ user_id }) => `^deliveries: unexpected ${user_id} `,
  },
];

/** Events whose entry is taken out of the audit log, as the checks call them, and where members with one are found. */
const audits = [
  { event: 'points.checked_in.v1', what: 'check-ins', from: checkIns },
  { event: 'points.day_made_up.v1', what: 'makeups', from: makeups },
  { event: 'points.order_placed.v1', what: 'orders', from: orders },
  { event: 'points.order_moved.v1', what: 'cancellations', from: cancellations },
  { event: 'points.activity_completed.v1', what: 'rewards', from: participants },
];

/** Damages one row after the other in every store, each at another member, the way lost and doubled messages would. */
export async function tamperWithStores(platform: RealPlatform): Promise<Damage[]> {
  const stores = realStores(platform);
  const used = new Set<number>();
  const pick = async (from: string): Promise<Numbered> => {
    const rows = await stores.rows<Numbered>(
      'points',
      `SELECT MIN(id) AS id, user_id FROM ${from} GROUP BY user_id ORDER BY user_id LIMIT 100`,
    );
    const victim = rows.find(({ user_id }) => !used.has(user_id));
    if (!victim) throw new Error(`nobody is left to be damaged among ${from}`);
    used.add(victim.user_id);
    return victim;
  };
  const damages: Damage[] = [];
  // All are chosen before anything is damaged.
  const chosen = [];
  for (const tampering of [...inPoints, ...elsewhere]) chosen.push({ tampering, victim: await pick(tampering.from) });
  for (const { event, what, from } of audits) {
    const { user_id } = await pick(from);
    await withAuditCollection(platform, (entries) => entries.deleteOne({ event, user_id }));
    damages.push({
      what: `a lost audit entry of ${what}`,
      sign: new RegExp(`^audit of ${what}: missing \\[${user_id},`),
    });
  }
  for (const { tampering, victim } of chosen) {
    await stores.rows(tampering.service, tampering.sql(victim));
    damages.push({ what: tampering.what, sign: new RegExp(tampering.sign(victim)) });
  }
  return damages;
}
