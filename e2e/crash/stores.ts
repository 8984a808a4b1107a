import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import mongoose from 'mongoose';
import { createConnection, type RowDataPacket } from 'mysql2/promise';
import type { EmbeddedPlatform, RealPlatform, ServiceName } from '../platform/index.js';
import { auditedEvents, type AuditDocument } from './platform.facts.js';

/** The platform's stores, reached past the services. */
export interface Stores {
  /** Runs one statement on a service's own database. */
  rows<Row>(service: ServiceName, sql: string): Promise<Row[]>;
  /** The audit entries that the checks look at. */
  auditEntries(): Promise<AuditDocument[]>;
  /** Messages per queue, dead letters among them. */
  queueDepths(): Promise<Record<string, number>>;
}

/** MariaDB, MongoDB and RabbitMQ. */
export function realStores(platform: RealPlatform): Stores {
  return {
    async rows<Row>(service: ServiceName, sql: string) {
      const connection = await createConnection(platform.databaseUrl(service));
      try {
        const [result] = await connection.query<RowDataPacket[]>(sql);
        return result as unknown as Row[];
      } finally {
        await connection.end();
      }
    },
    auditEntries: () =>
      withAuditCollection(platform, (entries) =>
        entries
          .find({ event: { $in: auditedEvents } })
          .project<AuditDocument>({ event: 1, user_id: 1, payload: 1 })
          .toArray(),
      ),
    queueDepths: () => platform.places.queueDepths(),
  };
}

/** Works on the collection of audit entries itself. */
export async function withAuditCollection<Result>(
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

interface SqliteConnection {
  prepare(sql: string): { all(): unknown[] };
  close(): void;
}

const require = createRequire(import.meta.url);

/** The SQLite files and the file of dead letters. */
export function embeddedStores({ dataDirectory }: EmbeddedPlatform): Stores {
  const read = <Row>(file: string, sql: string): Row[] => {
    const Sqlite = require('libsql') as new (path: string, options: { readonly: boolean }) => SqliteConnection;
    const connection = new Sqlite(join(dataDirectory, `${file}.sqlite`), { readonly: true });
    try {
      return connection.prepare(sql).all() as Row[];
    } finally {
      connection.close();
    }
  };
  return {
    rows: async <Row>(service: ServiceName, sql: string) => read<Row>(service, sql),
    async auditEntries() {
      const wanted = auditedEvents.map((event) => `'${event}'`).join(', ');
      const sql = `SELECT id AS _id, event, user_id, payload FROM audit_entries WHERE event IN (${wanted})`;
      return read<AuditDocument & { payload: string }>('audit', sql).map((row) => ({
        ...row,
        payload: JSON.parse(row.payload) as AuditDocument['payload'],
      }));
    },
    async queueDepths() {
      const deadLetters = join(dataDirectory, 'dead-letters.jsonl');
      const lines = existsSync(deadLetters) ? readFileSync(deadLetters, 'utf8').split('\n').filter(Boolean) : [];
      return { 'dead letters': lines.length };
    },
  };
}
