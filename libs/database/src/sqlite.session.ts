import {
  rowsText,
  type ChangeResult,
  type EngineSession,
  type RowsStatement,
  type SqlValue,
} from './engine.session.js';

interface SqliteStatement {
  all(...values: SqlValue[]): unknown[];
  run(...values: SqlValue[]): { changes: number; lastInsertRowid: number | bigint };
}

/** The part of libsql's (better-sqlite3's) connection that is used here. */
export interface SqliteConnection {
  prepare(sql: string): SqliteStatement;
  exec(sql: string): unknown;
  pragma(sql: string): unknown;
  readonly inTransaction: boolean;
}

const statementsKept = 200;
const insertion = /^\s*INSERT\b/i;

/** Statements over one SQLite connection. The driver is synchronous; the promises keep both engines alike. */
export class SqliteSession implements EngineSession {
  private readonly statements = new Map<string, SqliteStatement>();

  constructor(readonly connection: SqliteConnection) {}

  async all<Row>(sql: string, values: readonly SqlValue[]): Promise<Row[]> {
    return this.statement(sql).all(...values) as Row[];
  }

  async run(sql: string, values: readonly SqlValue[]): Promise<ChangeResult> {
    const { changes, lastInsertRowid } = this.statement(sql).run(...values);
    // The driver tells the last row's id, and still tells it after an update; MySQL tells the first row's, or 0.
    return {
      affected: changes,
      insertId: insertion.test(sql) ? Number(lastInsertRowid) - Math.max(0, changes - 1) : 0,
    };
  }

  /** Nothing is gained by waiting where there is no trip. */
  async later(sql: string, values: readonly SqlValue[]): Promise<void> {
    this.statement(sql).run(...values);
  }

  async laterRows(statement: RowsStatement): Promise<void> {
    this.statement(rowsText(statement)).run(...statement.rows.flat());
  }

  private statement(sql: string): SqliteStatement {
    const known = this.statements.get(sql);
    if (known) return known;
    const prepared = this.connection.prepare(sql);
    if (this.statements.size >= statementsKept) {
      const oldest = this.statements.keys().next().value;
      if (oldest !== undefined) this.statements.delete(oldest);
    }
    this.statements.set(sql, prepared);
    return prepared;
  }
}
