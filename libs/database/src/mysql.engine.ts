import { createHash } from 'node:crypto';
import mysql, { type PoolConnection } from 'mysql2';
import { createConnection, type Connection } from 'mysql2/promise';
import { DataSource, type DataSourceOptions } from 'typeorm';
import type { DatabaseOptions, Engine, NamedLock, PoolState } from './database.js';
import { MysqlSession } from './mysql.session.js';
import type { ChangeResult, EngineSession, SqlValue } from './engine.session.js';
import { Reader, Tx } from './transaction.js';

const sessionSetup = "SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED, time_zone = '+00:00', innodb_lock_wait_timeout = 10";
const defaultPoolSize = 10;

interface PoolInternals {
  on(event: 'connection', listener: (connection: PoolConnection) => void): void;
  getConnection(callback: (error: Error | null, connection: PoolConnection) => void): void;
  _allConnections: { length: number };
  _freeConnections: { length: number };
  _connectionQueue: { length: number };
}

/** Opens the service's own database `<name>_<service>`, creating it where the account may. */
export async function openMysql(options: DatabaseOptions, url: string): Promise<Engine> {
  const address = new URL(url);
  const name = `${address.pathname.slice(1)}_${options.service}`;
  if (!/^[A-Za-z0-9_]+$/.test(name)) throw new Error(`MYSQL_URL: "${name}" cannot be a database name`);
  const account = {
    host: address.hostname,
    port: Number(address.port || 3306),
    user: decodeURIComponent(address.username),
    password: decodeURIComponent(address.password),
  };
  const setup = await createConnection({ ...account, connectTimeout: 10_000 });
  try {
    await setup.query(`CREATE DATABASE IF NOT EXISTS \`${name}\` CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci`);
  } finally {
    await setup.end();
  }
  const dataSource = new DataSource({
    type: 'mysql',
    driver: mysql,
    host: account.host,
    port: account.port,
    username: account.user,
    password: account.password,
    database: name,
    poolSize: options.poolSize ?? defaultPoolSize,
    timezone: 'Z',
    dateStrings: true,
    supportBigNumbers: true,
    connectTimeout: 10_000,
    extra: { enableKeepAlive: true, queueLimit: 2000, maxPreparedStatements: 256 },
    entities: options.entities,
    migrations: options.migrations,
    migrationsTransactionMode: 'none',
  } as DataSourceOptions);
  await dataSource.initialize();
  return new MysqlEngine(dataSource, () => createConnection({ ...account, database: name, connectTimeout: 10_000, enableKeepAlive: true }), name);
}

class MysqlEngine implements Engine {
  readonly dialect = 'mysql';
  readonly reader: Reader;
  private readonly pool: PoolInternals;

  constructor(
    private readonly dataSource: DataSource,
    private readonly connectAlone: () => Promise<Connection>,
    private readonly name: string,
  ) {
    this.pool = (dataSource.driver as unknown as { pool: PoolInternals }).pool;
    this.pool.on('connection', (connection) => connection.query(sessionSetup));
    this.reader = new Reader(new PooledSession(() => this.connection()), 'mysql');
  }

  async transaction<Result>(work: (tx: Tx) => Promise<Result>): Promise<Result> {
    const connection = await this.connection();
    let broken = true;
    try {
      await command(connection, 'START TRANSACTION');
      try {
        const result = await work(new Tx(new MysqlSession(connection), 'mysql'));
        await command(connection, 'COMMIT');
        broken = false;
        return result;
      } catch (error) {
        broken = await command(connection, 'ROLLBACK').then(
          () => false,
          () => true,
        );
        throw error;
      }
    } finally {
      // A connection whose state is unknown must not go back to the pool.
      if (broken) connection.destroy();
      else connection.release();
    }
  }

  async migrate(): Promise<void> {
    const lock = await this.waitForLock('migrations');
    try {
      await this.dataSource.runMigrations();
    } finally {
      await lock.release();
    }
  }

  async ping(): Promise<void> {
    await this.reader.query('SELECT 1');
  }

  poolState(): PoolState {
    const all = this.pool._allConnections.length;
    const idle = this.pool._freeConnections.length;
    return { active: all - idle, idle, waiting: this.pool._connectionQueue.length };
  }

  async acquireLock(name: string): Promise<NamedLock | null> {
    return this.takeLock(name, 0);
  }

  async close(): Promise<void> {
    await this.dataSource.destroy();
  }

  private async waitForLock(name: string): Promise<NamedLock> {
    const lock = await this.takeLock(name, 60);
    if (!lock) throw new Error(`lock "${name}" was not free within 60 s`);
    return lock;
  }

  private async takeLock(name: string, waitSeconds: number): Promise<NamedLock | null> {
    // MySQL limits lock names to 64 characters.
    const fullName = `coser:${createHash('sha256').update(`${this.name}:${name}`).digest('hex').slice(0, 40)}`;
    const connection = await this.connectAlone();
    connection.on('error', () => undefined);
    const [rows] = await connection.query('SELECT GET_LOCK(?, ?) AS taken', [fullName, waitSeconds]);
    if ((rows as { taken: number | null }[])[0]?.taken !== 1) {
      await connection.end();
      return null;
    }
    return new MysqlLock(connection, fullName);
  }

  private connection(): Promise<PoolConnection> {
    return new Promise((resolve, reject) => {
      this.pool.getConnection((error, connection) => (error ? reject(error) : resolve(connection)));
    });
  }
}

class MysqlLock implements NamedLock {
  constructor(
    private readonly connection: Connection,
    private readonly name: string,
  ) {}

  async isHeld(): Promise<boolean> {
    try {
      const [rows] = await this.connection.query('SELECT IS_USED_LOCK(?) = CONNECTION_ID() AS held', [this.name]);
      return (rows as { held: number | null }[])[0]?.held === 1;
    } catch {
      return false;
    }
  }

  async release(): Promise<void> {
    // The lock ends with its connection.
    await this.connection.end().catch(() => this.connection.destroy());
  }
}

/** Takes a connection for one statement. */
class PooledSession implements EngineSession {
  constructor(private readonly connection: () => Promise<PoolConnection>) {}

  async all<Row>(sql: string, values: readonly SqlValue[]): Promise<Row[]> {
    const connection = await this.connection();
    try {
      return await new MysqlSession(connection).all<Row>(sql, values);
    } finally {
      connection.release();
    }
  }

  run(): Promise<ChangeResult> {
    throw new Error('a reader does not write');
  }
}

function command(connection: PoolConnection, sql: string): Promise<void> {
  return new Promise((resolve, reject) => {
    connection.query(sql, (error) => (error ? reject(error) : resolve()));
  });
}
