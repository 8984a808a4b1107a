import { serviceNames } from '../platform/index.js';
import type { Stores } from './stores.js';

export interface CheckInRow {
  id: number;
  user_id: number;
  day: string;
  streak_days: number;
  total_days: number;
  points: number;
  is_makeup: number;
}

export interface RecordRow {
  id: number;
  user_id: number;
  points: number;
  type: number;
  balance_after: number;
  idempotency_key: string;
}

export interface AccountRow {
  user_id: number;
  balance: number;
  frozen: number;
  version: number;
  makeup_cards: number;
}

export interface OrderRow {
  id: number;
  user_id: number;
  exchange_id: number;
  quantity: number;
  points_cost: number;
  status: string;
}

/** An item; `bought` is what its buyers have of it by their own rows. */
export interface ItemRow {
  id: number;
  stock: number;
  used_count: number;
  bought: number;
}

export interface ParticipantRow {
  activity_id: number;
  user_id: number;
  status: string;
  points: number | null;
}

export interface ActivityRow {
  id: number;
  capacity: number;
  joined: number;
}

export interface UserRow {
  id: number;
  points: number;
  points_version: number;
}

export interface DeliveryRow {
  dedupe_key: string;
  user_id: number;
  template: string;
  status: string;
}

export interface AuditDocument {
  _id: string;
  event: string;
  user_id: number | null;
  payload: Record<string, unknown> | null;
}

/** What the engines hold, read past the services. */
export interface Facts {
  checkIns: CheckInRow[];
  /** In the order of their ids. */
  records: RecordRow[];
  accounts: AccountRow[];
  orders: OrderRow[];
  items: ItemRow[];
  participants: ParticipantRow[];
  activities: ActivityRow[];
  users: UserRow[];
  deliveries: DeliveryRow[];
  audit: AuditDocument[];
}

/** Work that has not arrived yet: rows per outbox, messages per queue, deliveries on their way. */
export interface Backlog {
  outboxes: Record<string, number>;
  queues: Record<string, number>;
  deliveries: number;
}

const servicesWithTables = serviceNames.filter((service) => service !== 'gateway');
/** Events whose audit entries the checks look at. */
export const auditedEvents = [
  'points.checked_in.v1',
  'points.balance_changed.v1',
  'points.rank_reached.v1',
  'points.day_made_up.v1',
  'points.order_placed.v1',
  'points.order_moved.v1',
  'points.item_granted.v1',
  'points.activity_joined.v1',
  'points.activity_completed.v1',
  'user.created.v1',
];

/** Reads everything that the checks compare. */
export async function collectFacts(stores: Stores): Promise<Facts> {
  const ofPoints = <Row>(columns: string, from: string): Promise<Row[]> =>
    stores.rows<Row>('points', `SELECT ${columns} FROM ${from}`);
  const bought = '(SELECT COALESCE(SUM(b.bought_total), 0) FROM points_exchange_buyers b WHERE b.exchange_id = e.id)';
  return {
    checkIns: await ofPoints('id, user_id, day, streak_days, total_days, points, is_makeup', 'check_ins'),
    records: await ofPoints('id, user_id, points, type, balance_after, idempotency_key', 'point_records ORDER BY id'),
    accounts: await ofPoints('user_id, balance, frozen, version, makeup_cards', 'point_accounts'),
    orders: await ofPoints('id, user_id, exchange_id, quantity, points_cost, status', 'points_exchange_records'),
    items: (await ofPoints<ItemRow>(`id, stock, used_count, ${bought} AS bought`, 'points_exchanges e')).map((row) => ({
      ...row,
      bought: Number(row.bought),
    })),
    participants: await ofPoints('activity_id, user_id, status, points', 'activity_participants'),
    activities: await ofPoints('id, capacity, joined', 'activities'),
    users: await stores.rows<UserRow>('user', 'SELECT id, points, points_version FROM users'),
    deliveries: await stores.rows<DeliveryRow>(
      'notification',
      'SELECT dedupe_key, user_id, template, status FROM deliveries',
    ),
    audit: await stores.auditEntries(),
  };
}

/** What is still on its way. */
export async function collectBacklog(stores: Stores): Promise<Backlog> {
  const count = async (service: (typeof servicesWithTables)[number], from: string): Promise<number> => {
    const [row] = await stores.rows<{ total: number }>(service, `SELECT COUNT(*) AS total FROM ${from}`);
    return Number(row?.total ?? -1);
  };
  const outboxes: Record<string, number> = {};
  for (const service of servicesWithTables) outboxes[service] = await count(service, 'outbox');
  const deliveries = await count('notification', "deliveries WHERE status IN ('pending', 'sending')");
  return { outboxes, queues: await stores.queueDepths(), deliveries };
}
