import { serviceNames } from '../platform/index.js';
import type { Stores } from './stores.js';

export interface CheckInRow {
  id: number;
  user_id: number;
  day: string;
  streak_days: number;
  total_days: number;
  points: number;
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
  'user.created.v1',
];

/** Reads everything that the checks compare. */
export async function collectFacts(stores: Stores): Promise<Facts> {
  return {
    checkIns: await stores.rows<CheckInRow>(
      'points',
      'SELECT id, user_id, day, streak_days, total_days, points FROM check_ins',
    ),
    records: await stores.rows<RecordRow>(
      'points',
      'SELECT id, user_id, points, type, balance_after, idempotency_key FROM point_records ORDER BY id',
    ),
    accounts: await stores.rows<AccountRow>('points', 'SELECT user_id, balance, frozen, version FROM point_accounts'),
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
