import mongoose from 'mongoose';
import { createConnection, type RowDataPacket } from 'mysql2/promise';
import { serviceNames, type RealPlatform, type ServiceName } from '../platform/index.js';

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
const auditedEvents = ['points.checked_in.v1', 'points.balance_changed.v1', 'user.created.v1'];

/** Reads everything that the checks compare. */
export async function collectFacts(platform: RealPlatform): Promise<Facts> {
  const [checkIns, records, accounts] = await Promise.all([
    rows<CheckInRow>(platform, 'points', 'SELECT id, user_id, day, streak_days, total_days, points FROM check_ins'),
    rows<RecordRow>(
      platform,
      'points',
      'SELECT id, user_id, points, type, balance_after, idempotency_key FROM point_records ORDER BY id',
    ),
    rows<AccountRow>(platform, 'points', 'SELECT user_id, balance, frozen, version FROM point_accounts'),
  ]);
  const users = await rows<UserRow>(platform, 'user', 'SELECT id, points, points_version FROM users');
  const deliveries = await rows<DeliveryRow>(
    platform,
    'notification',
    'SELECT dedupe_key, user_id, template, status FROM deliveries',
  );
  const audit = await withAuditEntries(platform, (entries) =>
    entries
      .find({ event: { $in: auditedEvents } })
      .project<AuditDocument>({ event: 1, user_id: 1, payload: 1 })
      .toArray(),
  );
  return { checkIns, records, accounts, users, deliveries, audit };
}

/** What is still on its way. */
export async function collectBacklog(platform: RealPlatform): Promise<Backlog> {
  const outboxes: Record<string, number> = {};
  for (const service of servicesWithTables) {
    const [row] = await rows<{ total: number }>(platform, service, 'SELECT COUNT(*) AS total FROM outbox');
    outboxes[service] = Number(row?.total ?? -1);
  }
  const [open] = await rows<{ total: number }>(
    platform,
    'notification',
    "SELECT COUNT(*) AS total FROM deliveries WHERE status IN ('pending', 'sending')",
  );
  return { outboxes, queues: await platform.places.queueDepths(), deliveries: Number(open?.total ?? -1) };
}

/** Runs one statement on a service's own database. */
export async function rows<Row>(
  platform: RealPlatform,
  service: ServiceName,
  sql: string,
  values: (string | number)[] = [],
): Promise<Row[]> {
  const connection = await createConnection(platform.databaseUrl(service));
  try {
    const [result] = await connection.query<RowDataPacket[]>(sql, values);
    return result as unknown as Row[];
  } finally {
    await connection.end();
  }
}

/** Works on the collection of audit entries itself. */
export async function withAuditEntries<Result>(
  platform: RealPlatform,
  work: (entries: mongoose.mongo.Collection<AuditDocument>) => Promise<Result>,
): Promise<Result> {
  const connection = await mongoose.createConnection(platform.places.mongodbUrl).asPromise();
  try {
    return await work(connection.getClient().db().collection<AuditDocument>('audit_entries'));
  } finally {
    await connection.close();
  }
}
