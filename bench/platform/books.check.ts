import { setTimeout as pause } from 'node:timers/promises';
import mongoose from 'mongoose';
import { createConnection, type Connection, type RowDataPacket } from 'mysql2/promise';
import type { BenchPlace } from './bench.place.js';
import { communityDay } from './user.seeder.js';

const auditPatienceMs = 10_000;
const auditPollMs = 250;

/** Counts that must agree once everything has been drained. */
export interface Books {
  readonly acceptedCheckIns: number;
  readonly checkInRows: number;
  readonly accountsOutOfBalance: number;
  readonly sumOfRecords: number;
  readonly sumOfBalances: number;
  readonly auditedCheckIns: number;
  readonly auditedBalances: number;
  readonly userProjections: number;
  readonly receipts: number;
  readonly agree: boolean;
}

/** Compares what callers were told with ledger, balances, projections, deliveries and the audit log. */
export async function checkBooks(place: BenchPlace, acceptedCheckIns: number): Promise<Books> {
  const connection = await createConnection({ uri: place.mysqlUrl, database: place.databaseOf('points') });
  const count = (sql: string): Promise<number> => one(connection, sql);
  const user = place.databaseOf('user');
  const checkInRows = await count(`SELECT COUNT(*) AS n FROM check_ins WHERE day >= '${communityDay(0)}'`);
  const figures = {
    checkInRows,
    accountsOutOfBalance: await count(
      `SELECT COUNT(*) AS n FROM point_accounts a
       LEFT JOIN (SELECT user_id, SUM(points) AS total FROM point_records GROUP BY user_id) r ON r.user_id = a.user_id
       WHERE a.balance <> COALESCE(r.total, 0)`,
    ),
    sumOfRecords: await count('SELECT SUM(points) AS n FROM point_records'),
    sumOfBalances: await count('SELECT SUM(balance) AS n FROM point_accounts'),
    userProjections: await count(
      `SELECT COUNT(*) AS n FROM ${user}.users u JOIN point_accounts a ON a.user_id = u.id
       WHERE a.version > 1 AND u.points = a.balance AND u.points_version = a.version`,
    ),
    receipts: await count(
      `SELECT COUNT(*) AS n FROM ${place.databaseOf('notification')}.deliveries WHERE template = 'check_in_receipt'`,
    ),
  };
  await connection.end();
  const documents = await mongoose.createConnection(place.mongodbUrl).asPromise();
  const entries = documents.collection('audit_entries');
  // The audit log is written in batches: its last ones may be on the way; what is still missing at the deadline is missing.
  const counted = async (event: string): Promise<number> => {
    const deadline = Date.now() + auditPatienceMs;
    for (;;) {
      const found = await entries.countDocuments({ event });
      if (found >= acceptedCheckIns || Date.now() > deadline) return found;
      await pause(auditPollMs);
    }
  };
  const auditedCheckIns = await counted('points.checked_in.v1');
  const auditedBalances = await counted('points.balance_changed.v1');
  await documents.close();
  const counts = [checkInRows, figures.userProjections, figures.receipts, auditedCheckIns, auditedBalances];
  const agree =
    counts.every((figure) => figure === acceptedCheckIns) &&
    figures.accountsOutOfBalance === 0 &&
    figures.sumOfRecords === figures.sumOfBalances;
  return { acceptedCheckIns, ...figures, auditedCheckIns, auditedBalances, agree };
}

async function one(connection: Connection, sql: string): Promise<number> {
  const [rows] = await connection.query<RowDataPacket[]>(sql);
  return Number(rows[0]?.['n'] ?? 0);
}
