import { mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { DataSource, type DataSourceOptions } from 'typeorm';
import type { DatabaseOptions, Engine, NamedLock, PoolState } from './database.js';
import { TransactionSession } from './engine.session.js';
import { Mutex } from './mutex.js';
import { SqliteSession, type SqliteConnection } from './sqlite.session.js';
import { Reader, Tx } from './transaction.js';

const require = createRequire(import.meta.url);

/** Opens `<data directory>/<service>.sqlite` twice: one connection writes, the other only reads what was committed (WAL). */
export async function openSqlite(options: DatabaseOptions): Promise<Engine> {
  mkdirSync(options.dataDirectory, { recursive: true });
  const file = join(options.dataDirectory, `${options.service}.sqlite`);
  const shared = { type: 'better-sqlite3', driver: require('libsql') as unknown, database: file };
  const writer = new DataSource({
    ...shared,
    entities: options.entities,
    migrations: options.migrations,
    migrationsTransactionMode: 'none',
    enableWAL: true,
    prepareDatabase: (connection: SqliteConnection) => {
      // Before anything else: another process may hold the file right now.
      connection.pragma('busy_timeout = 5000');
      // FULL: a commit is on the disk before it is acknowledged, so that a power cut loses nothing either.
      connection.pragma('synchronous = FULL');
    },
  } as DataSourceOptions);
  await writer.initialize();
  const reader = new DataSource({ ...shared, entities: [] } as DataSourceOptions);
  await reader.initialize();
  return new SqliteEngine(writer, await sessionOf(writer), reader, await sessionOf(reader));
}

async function sessionOf(dataSource: DataSource): Promise<SqliteSession> {
  const connection = (await dataSource.createQueryRunner().connect()) as SqliteConnection;
  connection.pragma('busy_timeout = 5000');
  return new SqliteSession(connection);
}

class SqliteEngine implements Engine {
  readonly dialect = 'sqlite';
  readonly reader: Reader;
  private readonly mutex = new Mutex();
  private readonly locksHeld = new Map<string, NamedLock>();
  private writing = false;

  constructor(
    private readonly writer: DataSource,
    private readonly session: SqliteSession,
    private readonly readerSource: DataSource,
    readerSession: SqliteSession,
  ) {
    this.reader = new Reader(readerSession, 'sqlite');
  }

  transaction<Result>(work: (tx: Tx) => Promise<Result>): Promise<Result> {
    return this.exclusively(async () => {
      const open = new TransactionSession(this.session);
      try {
        return await work(new Tx(open, 'sqlite'));
      } finally {
        open.end();
      }
    });
  }

  /** All or nothing, and one process after the other: SQLite's DDL is part of the transaction. */
  async migrate(): Promise<void> {
    await this.exclusively(() => this.writer.runMigrations());
  }

  async ping(): Promise<void> {
    await this.reader.query('SELECT 1');
  }

  poolState(): PoolState {
    return { active: this.writing ? 1 : 0, idle: this.writing ? 0 : 1, waiting: this.mutex.waiting };
  }

  /** One process owns the file, so a name taken in this process is all there is to know. */
  async acquireLock(name: string): Promise<NamedLock | null> {
    if (this.locksHeld.has(name)) return null;
    const lock: NamedLock = {
      isHeld: async () => this.locksHeld.get(name) === lock,
      release: async () => {
        if (this.locksHeld.get(name) === lock) this.locksHeld.delete(name);
      },
    };
    this.locksHeld.set(name, lock);
    return lock;
  }

  async close(): Promise<void> {
    await this.mutex.run(async () => {
      await this.readerSource.destroy();
      await this.writer.destroy();
    });
  }

  /** One transaction at a time on the one connection that writes. */
  private exclusively<Result>(work: () => Promise<Result>): Promise<Result> {
    return this.mutex.run(async () => {
      const { connection } = this.session;
      connection.exec('BEGIN IMMEDIATE');
      this.writing = true;
      try {
        const result = await work();
        connection.exec('COMMIT');
        return result;
      } catch (error) {
        // After some errors (a full disk) SQLite has rolled back already.
        if (connection.inTransaction) connection.exec('ROLLBACK');
        throw error;
      } finally {
        this.writing = false;
      }
    });
  }
}
