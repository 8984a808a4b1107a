import { mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { AuditEntry } from './audit.entry.js';
import {
  AuditUnavailableError,
  idRangeOf,
  pageOf,
  type AuditFilter,
  type AuditPage,
  type AuditStore,
} from './audit.store.js';
import { pseudonymised } from './entry.eraser.js';

type SqliteValue = string | number | null;

interface Statement {
  all(...values: SqliteValue[]): unknown[];
  get(...values: SqliteValue[]): unknown;
  run(...values: SqliteValue[]): unknown;
}

/** The part of libsql's (better-sqlite3's) connection that is used here. */
interface Connection {
  prepare(sql: string): Statement;
  exec(sql: string): unknown;
  pragma(sql: string): unknown;
  close(): unknown;
}

const require = createRequire(import.meta.url);

const refuseUpdates = `
  CREATE TRIGGER IF NOT EXISTS audit_entries_are_final BEFORE UPDATE ON audit_entries
  BEGIN SELECT RAISE(ABORT, 'audit entries are append-only'); END;`;

const tables = `
  CREATE TABLE IF NOT EXISTS audit_entries (
    id TEXT NOT NULL PRIMARY KEY, at TEXT NOT NULL, service TEXT NOT NULL, event TEXT NOT NULL, actor TEXT NOT NULL,
    user_id INTEGER, request_id TEXT NOT NULL, channel TEXT NOT NULL, ip TEXT, before TEXT NOT NULL, after TEXT NOT NULL,
    payload TEXT NOT NULL
  ) WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS audit_entries_by_user ON audit_entries (user_id, id);
  CREATE INDEX IF NOT EXISTS audit_entries_by_actor ON audit_entries (actor, id);
  CREATE INDEX IF NOT EXISTS audit_entries_by_event ON audit_entries (event, id);
  CREATE INDEX IF NOT EXISTS audit_entries_by_request ON audit_entries (request_id, id);
  CREATE TRIGGER IF NOT EXISTS audit_entries_stay BEFORE DELETE ON audit_entries
  BEGIN SELECT RAISE(ABORT, 'audit entries are append-only'); END;
  ${refuseUpdates}`;

const insertSql = `
  INSERT INTO audit_entries (id, at, service, event, actor, user_id, request_id, channel, ip, before, after, payload)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING`;

/** The stand-in for MongoDB: one file, `audit.sqlite`, which itself refuses updates and deletes. */
export class SqliteAuditStore implements AuditStore {
  private readonly connection: Connection;
  private readonly insertion: Statement;
  private open = true;

  constructor(dataDirectory: string) {
    mkdirSync(dataDirectory, { recursive: true });
    const Database = require('libsql') as new (path: string) => Connection;
    this.connection = new Database(join(dataDirectory, 'audit.sqlite'));
    this.connection.pragma('busy_timeout = 5000');
    this.connection.pragma('journal_mode = WAL');
    // FULL: a commit is on the disk before it is acknowledged, so that a power cut loses nothing either.
    this.connection.pragma('synchronous = FULL');
    this.connection.exec(tables);
    this.insertion = this.connection.prepare(insertSql);
  }

  async append(entries: readonly AuditEntry[]): Promise<void> {
    if (entries.length === 0) return;
    this.use().exec('BEGIN IMMEDIATE');
    try {
      for (const entry of entries) this.insertion.run(...valuesOf(entry));
      this.connection.exec('COMMIT');
    } catch (error) {
      this.connection.exec('ROLLBACK');
      throw error;
    }
  }

  async search(filter: AuditFilter): Promise<AuditPage> {
    const { conditions, values } = conditionsOf(filter);
    const where = conditions.length > 0 ? `WHERE ${conditions.join(' AND ')}` : '';
    const statement = this.use().prepare(`SELECT * FROM audit_entries ${where} ORDER BY id DESC LIMIT ?`);
    const rows = statement.all(...values, filter.limit + 1) as AuditRow[];
    return pageOf(rows.map(entryOf), filter.limit);
  }

  /** The one change there is: its transaction takes the refusal of updates away and puts it back. */
  async pseudonymise(userId: number): Promise<void> {
    const about = this.use().prepare('SELECT * FROM audit_entries WHERE user_id = ? OR actor = ?');
    const rows = about.all(userId, `user:${userId}`) as AuditRow[];
    this.connection.exec('BEGIN IMMEDIATE');
    try {
      this.connection.exec('DROP TRIGGER audit_entries_are_final');
      const change = this.connection.prepare(
        'UPDATE audit_entries SET ip = ?, before = ?, after = ?, payload = ? WHERE id = ?',
      );
      for (const row of rows) {
        const { ip, before, after, payload, id } = pseudonymised(entryOf(row), userId);
        change.run(ip, ...[before, after, payload].map((state) => JSON.stringify(state)), id);
      }
      this.connection.exec(refuseUpdates);
      this.connection.exec('COMMIT');
    } catch (error) {
      this.connection.exec('ROLLBACK');
      throw error;
    }
  }

  async count(): Promise<number> {
    const row = this.use().prepare('SELECT COUNT(*) AS total FROM audit_entries').get() as { total: number };
    return row.total;
  }

  async ping(): Promise<void> {
    this.use().prepare('SELECT 1').get();
  }

  async close(): Promise<void> {
    if (this.open) this.connection.close();
    this.open = false;
  }

  private use(): Connection {
    if (!this.open) throw new AuditUnavailableError(new Error('closed'));
    return this.connection;
  }
}

type AuditRow = Omit<AuditEntry, 'before' | 'after' | 'payload'> & { before: string; after: string; payload: string };

function valuesOf(entry: AuditEntry): SqliteValue[] {
  const { id, service, event, actor, user_id, request_id, channel, ip } = entry;
  const at = new Date(entry.at).toISOString();
  const states = [entry.before, entry.after, entry.payload].map((state) => JSON.stringify(state ?? null));
  return [id, at, service, event, actor, user_id, request_id, channel, ip, ...states];
}

function entryOf({ before, after, payload, ...row }: AuditRow): AuditEntry {
  const parse = (text: string): unknown => JSON.parse(text);
  return { ...row, before: parse(before), after: parse(after), payload: parse(payload) };
}

function conditionsOf(filter: AuditFilter): { conditions: string[]; values: SqliteValue[] } {
  const range = idRangeOf(filter);
  const time = (text: string | undefined): string | undefined => text && new Date(text).toISOString();
  const wanted: [string, SqliteValue | undefined][] = [
    ['user_id = ?', filter.user_id],
    ['actor = ?', filter.actor],
    ['event = ?', filter.event],
    ['request_id = ?', filter.request_id],
    ['at >= ?', time(filter.from)],
    ['id >= ?', range.from],
    ['at < ?', time(filter.to)],
    ['id <= ?', range.to],
    ['id < ?', filter.before_id],
  ];
  const given = wanted.filter((pair): pair is [string, SqliteValue] => pair[1] !== undefined);
  return { conditions: given.map(([condition]) => condition), values: given.map(([, value]) => value) };
}
