import type { ChangeResult, EngineSession, SqlValue } from './engine.session.js';

export type Dialect = 'mysql' | 'sqlite';
export type SqlRow = Record<string, SqlValue>;

/** Reads committed rows, and nothing else: what query handlers are given. */
export class Reader {
  constructor(
    protected readonly session: EngineSession,
    readonly dialect: Dialect,
  ) {}

  query<Row>(sql: string, values: readonly SqlValue[] = []): Promise<Row[]> {
    return this.session.all<Row>(sql, values);
  }

  /** The first row, or undefined. */
  async one<Row>(sql: string, values: readonly SqlValue[] = []): Promise<Row | undefined> {
    return (await this.session.all<Row>(sql, values))[0];
  }
}

const rowsPreparedAtMost = 4;

/**
 * An open transaction. Whoever holds one may write; it is handed to a handler and never made by one.
 * `lock` is what ends a SELECT that must hold its rows: MySQL needs the words, SQLite's one writer holds everything anyway.
 */
export class Tx extends Reader {
  readonly lock: ' FOR UPDATE' | '';

  constructor(session: EngineSession, dialect: Dialect) {
    super(session, dialect);
    this.lock = dialect === 'mysql' ? ' FOR UPDATE' : '';
  }

  execute(sql: string, values: readonly SqlValue[] = []): Promise<ChangeResult> {
    return this.session.run(sql, values);
  }

  /** For a statement whose text varies in length (an IN list): it is not kept prepared. */
  executeOnce(sql: string, values: readonly SqlValue[]): Promise<ChangeResult> {
    return this.session.run(sql, values, false);
  }

  /** Inserts one row or many in one statement; all rows have the keys of the first. Table and keys come from code, never from input. */
  insert(table: string, rows: SqlRow | readonly SqlRow[]): Promise<ChangeResult> {
    const list = listOf(rows);
    const { sql, values } = insertStatement(table, list);
    return this.session.run(sql, values, list.length <= rowsPreparedAtMost);
  }

  /**
   * An insert whose outcome nobody asks for: MySQL gets it together with the next statement, at the latest with the commit, which saves a
   * trip. If it fails, that statement or the commit fails.
   */
  insertLater(table: string, rows: SqlRow | readonly SqlRow[]): Promise<void> {
    const { sql, values } = insertStatement(table, listOf(rows));
    return this.session.later(sql, values);
  }

  /** Another write whose outcome nobody asks for, as `insertLater`. */
  executeLater(sql: string, values: readonly SqlValue[]): Promise<void> {
    return this.session.later(sql, values);
  }

  /**
   * Inserts a row (or many in one statement) or, where `conflict` (a unique key) is taken, updates it. Locks the row either way, which is
   * what makes "lock first, then read, then decide" possible for a row that may not exist yet. With no `update` the row stays as it is;
   * the columns of `add` grow by what is given.
   */
  upsert(
    table: string,
    rows: SqlRow | readonly SqlRow[],
    options: { conflict: readonly string[]; update?: readonly string[]; add?: readonly string[] },
  ): Promise<ChangeResult> {
    const list = listOf(rows);
    const { sql, values } = insertStatement(table, list);
    const reuse = list.length <= rowsPreparedAtMost;
    const kept = options.conflict[0] as string;
    const { update = [], add = [] } = options;
    const changes = update.length + add.length > 0;
    if (this.dialect === 'mysql') {
      const set = changes
        ? [...update.map((key) => `${key} = VALUES(${key})`), ...add.map((key) => `${key} = ${key} + VALUES(${key})`)]
        : [`${kept} = ${kept}`];
      return this.session.run(`${sql} ON DUPLICATE KEY UPDATE ${set.join(', ')}`, values, reuse);
    }
    const set = changes
      ? [...update.map((key) => `${key} = excluded.${key}`), ...add.map((key) => `${key} = ${key} + excluded.${key}`)]
      : [`${kept} = excluded.${kept}`];
    return this.session.run(
      `${sql} ON CONFLICT (${options.conflict.join(', ')}) DO UPDATE SET ${set.join(', ')}`,
      values,
      reuse,
    );
  }
}

function listOf(rows: SqlRow | readonly SqlRow[]): readonly SqlRow[] {
  return Array.isArray(rows) ? (rows as readonly SqlRow[]) : [rows as SqlRow];
}

const insertTexts = new Map<string, string>();

function insertStatement(table: string, rows: readonly SqlRow[]): { sql: string; values: SqlValue[] } {
  const first = rows[0];
  if (!first) throw new Error(`insert into ${table} without rows`);
  const keys = Object.keys(first);
  const values = rows.flatMap((row) => keys.map((key) => row[key] ?? null));
  const shape = `${table}|${keys.join(',')}|${rows.length}`;
  const known = insertTexts.get(shape);
  if (known) return { sql: known, values };
  const tuple = `(${keys.map(() => '?').join(', ')})`;
  const sql = `INSERT INTO ${table} (${keys.join(', ')}) VALUES ${Array.from(rows, () => tuple).join(', ')}`;
  if (insertTexts.size < 1000) insertTexts.set(shape, sql);
  return { sql, values };
}

/** `?, ?, ?` for an IN list of bounded length. */
export function placeholders(count: number): string {
  return Array.from({ length: count }, () => '?').join(', ');
}
