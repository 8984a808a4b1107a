import type { PoolConnection } from 'mysql2';
import type { PoolState } from './database.js';
import type { ChangeResult, EngineSession, SqlValue } from './engine.session.js';
import { MysqlSession, statementTimeoutCode } from './mysql.session.js';
import { isConnectionProblem } from './sql.errors.js';

/** Sent once on each new connection, one by one: MySQL and MariaDB share no single statement for all of it. */
const sessionSetup = [
  'SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED',
  "SET SESSION time_zone = '+00:00', SESSION innodb_lock_wait_timeout = 10",
  // Values in statements sent as text are escaped with backslashes.
  "SET SESSION sql_mode = REPLACE(@@SESSION.sql_mode, 'NO_BACKSLASH_ESCAPES', '')",
];

/** The part of mysql2's pool (made by TypeORM) that is used here. */
export interface PoolInternals {
  getConnection(callback: (error: Error | null, connection: PoolConnection) => void): void;
  _allConnections: { length: number };
  _freeConnections: { length: number };
  _connectionQueue: { length: number };
}

/** A connection in use. It must be given back, `broken` when its state is unknown. */
export interface Lease<Result> {
  readonly session: MysqlSession;
  /** What the first statement answered. */
  readonly result: Result;
  giveBack(broken: boolean): void;
}

/** Hands out connections whose session is set up, and takes them back or destroys them. */
export class MysqlPool {
  private readonly prepared = new WeakSet<PoolConnection>();

  constructor(
    private readonly pool: PoolInternals,
    private readonly statementTimeoutMs: number,
  ) {}

  /**
   * Takes a connection and runs the first statement on it, which must be one that may be repeated. A pooled connection that
   * has died while it was idle shows only now: then the next one is tried, and at last a new one.
   */
  async open<Result>(first: (session: MysqlSession) => Promise<Result>): Promise<Lease<Result>> {
    for (;;) {
      const connection = await this.take();
      const isFresh = !this.prepared.has(connection);
      const session = new MysqlSession(connection, this.statementTimeoutMs);
      try {
        if (isFresh) await this.prepare(connection, session);
        const result = await first(session);
        return { session, result, giveBack: (broken) => (broken ? connection.destroy() : connection.release()) };
      } catch (error) {
        if (isAnswer(error)) {
          connection.release();
          throw error;
        }
        connection.destroy();
        if (isFresh || isTimeout(error)) throw error;
      }
    }
  }

  get state(): PoolState {
    const all = this.pool._allConnections.length;
    const idle = this.pool._freeConnections.length;
    return { active: all - idle, idle, waiting: this.pool._connectionQueue.length };
  }

  private async prepare(connection: PoolConnection, session: MysqlSession): Promise<void> {
    // Without a listener a second error of an idle connection would end the process.
    connection.on('error', () => undefined);
    for (const statement of sessionSetup) await session.command(statement);
    this.prepared.add(connection);
  }

  private take(): Promise<PoolConnection> {
    return new Promise((resolve, reject) => {
      this.pool.getConnection((error, connection) => (error ? reject(error) : resolve(connection)));
    });
  }
}

/** Reads with whichever connection is free, each statement on its own. */
export class PooledReads implements EngineSession {
  constructor(private readonly pool: MysqlPool) {}

  async all<Row>(sql: string, values: readonly SqlValue[]): Promise<Row[]> {
    const { result, giveBack } = await this.pool.open((session) => session.all<Row>(sql, values));
    giveBack(false);
    return result;
  }

  run(): Promise<ChangeResult> {
    throw new Error('a reader does not write');
  }

  later(): Promise<void> {
    throw new Error('a reader does not write');
  }

  laterRows(): Promise<void> {
    throw new Error('a reader does not write');
  }
}

/** The server has answered, with an error: the connection itself is fine, unless the answer was that it is being closed. */
function isAnswer(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'sqlState' in error && !isConnectionProblem(error);
}

function isTimeout(error: unknown): boolean {
  return (error as { code?: string } | null)?.code === statementTimeoutCode;
}
