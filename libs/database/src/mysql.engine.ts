import mysql, { type Connection } from 'mysql2';
import { createConnection } from 'mysql2/promise';
import { DataSource, type DataSourceOptions } from 'typeorm';
import type { DatabaseOptions, Engine, NamedLock, PoolState } from './database.js';
import { TransactionSession } from './engine.session.js';
import { closeSteps, openSteps } from './migration.steps.js';
import { takeMysqlLock } from './mysql.lock.js';
import { MysqlPool, PooledReads, type PoolInternals } from './mysql.pool.js';
import { MysqlTransaction } from './mysql.transaction.js';
import { SilentLogger } from './silent.logger.js';
import { Reader, Tx } from './transaction.js';

const defaultPoolSize = 10;
const connectTimeoutMs = 10_000;
/** Longer than a lock may be waited for (10 s); only a server that is gone without a word takes this long. */
const defaultStatementTimeoutMs = 15_000;
const migrationsWaitSeconds = 60;

interface Account {
  host: string;
  port: number;
  user: string;
  password: string;
}

/** Opens the service's own database `<name>_<service>`, creating it where the account may. */
export async function openMysql(options: DatabaseOptions, url: string): Promise<Engine> {
  const address = new URL(url);
  const name = `${address.pathname.slice(1)}_${options.service}`;
  if (!/^[A-Za-z0-9_]+$/.test(name)) throw new Error(`MYSQL_URL: "${name}" cannot be a database name`);
  const account: Account = {
    host: address.hostname,
    port: Number(address.port || 3306),
    user: decodeURIComponent(address.username),
    password: decodeURIComponent(address.password),
  };
  await createDatabase(account, name);
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
    // For `MysqlTransaction`, which sends several complete statements in one trip; their texts are ours, values are escaped.
    multipleStatements: true,
    dateStrings: true,
    supportBigNumbers: true,
    // Ids and amounts are numbers on both engines; only what no number can hold (beyond 2^53) stays text.
    bigNumberStrings: false,
    connectTimeout: connectTimeoutMs,
    // decimalNumbers: SUM() is a DECIMAL in MySQL; as text it would differ from SQLite's number.
    extra: { enableKeepAlive: true, queueLimit: 2000, maxPreparedStatements: 256, decimalNumbers: true },
    entities: options.entities,
    migrations: options.migrations,
    migrationsTransactionMode: 'none',
    logger: new SilentLogger(),
  } as DataSourceOptions);
  await dataSource.initialize();
  const connectAlone = (): Connection =>
    mysql.createConnection({ ...account, database: name, connectTimeout: connectTimeoutMs, enableKeepAlive: true });
  return new MysqlEngine(dataSource, connectAlone, name, options.statementTimeoutMs ?? defaultStatementTimeoutMs);
}

async function createDatabase(account: Account, name: string): Promise<void> {
  const connection = await createConnection({ ...account, connectTimeout: connectTimeoutMs });
  try {
    await connection.query(
      `CREATE DATABASE IF NOT EXISTS \`${name}\` CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci`,
    );
  } catch (error) {
    // An account may be allowed to use its database and nothing else.
    if ((error as { code?: string }).code !== 'ER_DBACCESS_DENIED_ERROR') throw error;
  } finally {
    await connection.end();
  }
}

class MysqlEngine implements Engine {
  readonly dialect = 'mysql';
  readonly reader: Reader;
  private readonly pool: MysqlPool;

  constructor(
    private readonly dataSource: DataSource,
    private readonly connectAlone: () => Connection,
    private readonly name: string,
    private readonly statementTimeoutMs: number,
  ) {
    this.pool = new MysqlPool((dataSource.driver as unknown as { pool: PoolInternals }).pool, statementTimeoutMs);
    this.reader = new Reader(new PooledReads(this.pool), 'mysql');
  }

  async transaction<Result>(work: (tx: Tx) => Promise<Result>): Promise<Result> {
    const transaction = new MysqlTransaction(this.pool);
    const open = new TransactionSession(transaction);
    try {
      const result = await work(new Tx(open, 'mysql'));
      open.end();
      await transaction.commit();
      return result;
    } catch (error) {
      open.end();
      await transaction.rollback();
      throw error;
    }
  }

  async migrate(): Promise<void> {
    const lock = await this.takeLock('migrations', migrationsWaitSeconds);
    if (!lock) throw new Error(`another process has been migrating for ${migrationsWaitSeconds} s`);
    try {
      if (await this.dataSource.showMigrations()) {
        await this.dataSource.query(openSteps);
        await this.dataSource.runMigrations();
      }
      await this.dataSource.query(closeSteps);
    } finally {
      await lock.release();
    }
  }

  async ping(): Promise<void> {
    await this.reader.query('SELECT 1');
  }

  poolState(): PoolState {
    return this.pool.state;
  }

  async acquireLock(name: string): Promise<NamedLock | null> {
    return this.takeLock(name, 0);
  }

  async close(): Promise<void> {
    await this.dataSource.destroy();
  }

  private takeLock(name: string, waitSeconds: number): Promise<NamedLock | null> {
    const limits = { waitSeconds, statementTimeoutMs: this.statementTimeoutMs };
    return takeMysqlLock(this.connectAlone(), `${this.name}:${name}`, limits);
  }
}
