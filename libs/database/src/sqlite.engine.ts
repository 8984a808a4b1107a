import { mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { DataSource, type DataSourceOptions } from 'typeorm';
import type { DatabaseOptions, Engine, NamedLock, PoolState } from './database.js';
import { TransactionSession } from './engine.session.js';
import { SilentLogger } from './silent.logger.js';
import { SqliteFile } from './sqlite.file.js';
import { SqliteSession, type SqliteConnection } from './sqlite.session.js';
import { writeAhead } from './sqlite.wal.js';
import { Reader, Tx } from './transaction.js';

const require = createRequire(import.meta.url);

/** So long a process that starts waits for another one that is migrating the same file. */
const migrationsWaitMs = 60_000;
const busyTimeoutMs = 5_000;

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
    logger: new SilentLogger(),
    prepareDatabase: async (connection: SqliteConnection) => {
      // Before anything else: another process may hold the file right now.
      connection.pragma(`busy_timeout = ${busyTimeoutMs}`);
      // FULL: a commit is on the disk before it is acknowledged, so that a power cut loses nothing either.
      connection.pragma('synchronous = FULL');
      await writeAhead(connection, busyTimeoutMs);
    },
  } as DataSourceOptions);
  await writer.initialize();
  const reader = new DataSource({ ...shared, entities: [] } as DataSourceOptions);
  await reader.initialize();
  return new SqliteEngine(
    SqliteFile.open(resolve(file)),
    writer,
    await sessionOf(writer),
    reader,
    await sessionOf(reader),
  );
}

async function sessionOf(dataSource: DataSource): Promise<SqliteSession> {
  const connection = (await dataSource.createQueryRunner().connect()) as SqliteConnection;
  connection.pragma(`busy_timeout = ${busyTimeoutMs}`);
  return new SqliteSession(connection);
}

class SqliteEngine implements Engine {
  readonly dialect = 'sqlite';
  readonly reader: Reader;
  private writing = false;

  constructor(
    private readonly file: SqliteFile,
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
    const { connection } = this.session;
    connection.pragma(`busy_timeout = ${migrationsWaitMs}`);
    try {
      await this.exclusively(() => this.writer.runMigrations());
    } finally {
      connection.pragma(`busy_timeout = ${busyTimeoutMs}`);
    }
  }

  async ping(): Promise<void> {
    await this.reader.query('SELECT 1');
  }

  poolState(): PoolState {
    return { active: this.writing ? 1 : 0, idle: this.writing ? 0 : 1, waiting: this.file.mutex.waiting };
  }

  /** One process owns the file, so a name taken in this process is all there is to know. */
  async acquireLock(name: string): Promise<NamedLock | null> {
    return this.file.take(name, this);
  }

  async close(): Promise<void> {
    await this.file.mutex.run(async () => {
      await this.readerSource.destroy();
      await this.writer.destroy();
    });
    this.file.leave(this);
  }

  /** One transaction at a time on the file, whoever in this process has opened it. */
  private exclusively<Result>(work: () => Promise<Result>): Promise<Result> {
    return this.file.mutex.run(async () => {
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
