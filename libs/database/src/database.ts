import { setTimeout as pause } from 'node:timers/promises';
import type { MigrationInterface } from 'typeorm';
import { openMysql } from './mysql.engine.js';
import { openSqlite } from './sqlite.engine.js';
import { isLockConflict } from './sql.errors.js';
import type { Dialect, Reader, Tx } from './transaction.js';

/** A class decorated as an entity: its columns and constraints. */
export type EntityClass = abstract new () => object;
export type MigrationClass = new () => MigrationInterface;

export interface DatabaseOptions {
  /** The service whose tables these are; part of the database's or file's name. */
  service: string;
  /** `mysql://user:password@host:port/name`; unset means the SQLite file. */
  mysqlUrl?: string | undefined;
  dataDirectory: string;
  poolSize?: number;
  /** How long a statement may take before its connection counts as dead; only MySQL. Default 15 s. */
  statementTimeoutMs?: number;
  entities: EntityClass[];
  migrations: MigrationClass[];
}

export interface PoolState {
  active: number;
  idle: number;
  waiting: number;
}

/** What the two engines do differently. */
export interface Engine {
  readonly dialect: Dialect;
  readonly reader: Reader;
  /** Runs `work` in one transaction: commits when it resolves, rolls back when it throws. */
  transaction<Result>(work: (tx: Tx) => Promise<Result>): Promise<Result>;
  migrate(): Promise<void>;
  ping(): Promise<void>;
  poolState(): PoolState;
  /** Takes a lock that ends with the process that holds it; null when another process has it. */
  acquireLock(name: string): Promise<NamedLock | null>;
  close(): Promise<void>;
}

/** Held by at most one process at a time; lost when its connection is, so ask before each round of work. */
export interface NamedLock {
  isHeld(): Promise<boolean>;
  release(): Promise<void>;
}

const lockRetriesAtMost = 5;

/** A service's own database: MySQL where a URL is given, otherwise a SQLite file. No caller knows which. */
export class Database {
  private constructor(private readonly engine: Engine) {}

  static async open(options: DatabaseOptions): Promise<Database> {
    const engine = options.mysqlUrl ? await openMysql(options, options.mysqlUrl) : await openSqlite(options);
    return new Database(engine);
  }

  get dialect(): Dialect {
    return this.engine.dialect;
  }

  get reader(): Reader {
    return this.engine.reader;
  }

  /** Runs `work` in one transaction and repeats all of it (at most 5 times) when the engine chose it as a deadlock's victim. */
  async transaction<Result>(work: (tx: Tx) => Promise<Result>): Promise<Result> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.attempt(work);
      } catch (error) {
        if (!isLockConflict(error) || attempt > lockRetriesAtMost) throw error;
        await pause(attempt * 10 * Math.random());
      }
    }
  }

  private async attempt<Result>(work: (tx: Tx) => Promise<Result>): Promise<Result> {
    let open: Tx | null = null;
    const result = await this.engine.transaction((tx) => work((open = tx)));
    (open as Tx | null)?.finish();
    return result;
  }

  migrate(): Promise<void> {
    return this.engine.migrate();
  }

  /** Resolves when the engine answers; used by readiness. */
  ping(): Promise<void> {
    return this.engine.ping();
  }

  poolState(): PoolState {
    return this.engine.poolState();
  }

  acquireLock(name: string): Promise<NamedLock | null> {
    return this.engine.acquireLock(name);
  }

  close(): Promise<void> {
    return this.engine.close();
  }
}
