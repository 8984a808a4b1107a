import {
  rowsText,
  type ChangeResult,
  type EngineSession,
  type RowsStatement,
  type SqlValue,
} from './engine.session.js';

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

  /** How many rows there are. `from` is what stands behind FROM, with its joins and conditions; it comes from code, never from input. */
  async count(from: string, values: readonly SqlValue[] = []): Promise<number> {
    const row = await this.one<{ total: number | string }>(`SELECT COUNT(*) AS total FROM ${from}`, values);
    return Number(row?.total ?? 0);
  }
}

const rowsPreparedAtMost = 4;

/**
 * An open transaction. Whoever holds one may write; it is handed to a handler and never made by one.
 * `lock` is what ends a SELECT that must hold its rows: MySQL needs the words, SQLite's one writer holds everything anyway.
 */
export class Tx extends Reader {
  readonly lock: ' FOR UPDATE' | '';
  private readonly afterwards: (() => void)[] = [];
  private onceSettled?: (() => void)[];

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
    return this.runRows(rowsStatement(table, listOf(rows)));
  }

  /**
   * An insert whose outcome nobody asks for: MySQL gets it together with the next statement, at the latest with the commit, which saves a
   * trip. If it fails, that statement or the commit fails.
   */
  insertLater(table: string, rows: SqlRow | readonly SqlRow[]): Promise<void> {
    return this.session.laterRows(rowsStatement(table, listOf(rows)));
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
  upsert(table: string, rows: SqlRow | readonly SqlRow[], options: UpsertOptions): Promise<ChangeResult> {
    return this.runRows(rowsStatement(table, listOf(rows), upsertTail(this.dialect, options)));
  }

  /** An upsert whose outcome nobody asks for, as `insertLater`. */
  upsertLater(table: string, rows: SqlRow | readonly SqlRow[], options: UpsertOptions): Promise<void> {
    return this.session.laterRows(rowsStatement(table, listOf(rows), upsertTail(this.dialect, options)));
  }

  /**
   * Does something once the transaction is committed, and not if it is rolled back or repeated: for what lies in the memory of the process,
   * above all counters. It must not throw.
   */
  afterCommit(work: () => void): void {
    this.afterwards.push(work);
  }

  /**
   * The same for what is true of a refusal, too, though it commits nothing: for counters of what was refused. It is done once, after the
   * commit or when the refusal thrown by a command's handler has become its answer; not if the transaction is repeated, if anything else
   * ends it, or if the command had its answer before.
   */
  whenSettled(work: () => void): void {
    (this.onceSettled ??= []).push(work);
  }

  /** For the database, when it has committed. */
  finish(): void {
    for (const work of this.afterwards) work();
    this.settle();
  }

  /** For the unit of work, when a refusal stands. */
  settle(): void {
    for (const work of this.onceSettled ?? []) work();
  }

  private runRows(statement: RowsStatement): Promise<ChangeResult> {
    const isShort = statement.rows.length <= rowsPreparedAtMost;
    return this.session.run(textOf(statement), statement.rows.flat(), isShort);
  }
}

export interface UpsertOptions {
  readonly conflict: readonly string[];
  readonly update?: readonly string[];
  readonly add?: readonly string[];
}

function upsertTail(dialect: Dialect, { conflict, update = [], add = [] }: UpsertOptions): string {
  const kept = conflict[0] as string;
  const isMysql = dialect === 'mysql';
  const given = (key: string): string => (isMysql ? `VALUES(${key})` : `excluded.${key}`);
  const changes = [
    ...update.map((key) => `${key} = ${given(key)}`),
    ...add.map((key) => `${key} = ${key} + ${given(key)}`),
  ];
  const nothing = isMysql ? `${kept} = ${kept}` : `${kept} = excluded.${kept}`;
  const set = changes.length > 0 ? changes.join(', ') : nothing;
  return isMysql ? ` ON DUPLICATE KEY UPDATE ${set}` : ` ON CONFLICT (${conflict.join(', ')}) DO UPDATE SET ${set}`;
}

function listOf(rows: SqlRow | readonly SqlRow[]): readonly SqlRow[] {
  return Array.isArray(rows) ? (rows as readonly SqlRow[]) : [rows as SqlRow];
}

function rowsStatement(table: string, rows: readonly SqlRow[], tail = ''): RowsStatement {
  const first = rows[0];
  if (!first) throw new Error(`insert into ${table} without rows`);
  const keys = Object.keys(first);
  const values = rows.map((row) => keys.map((key) => row[key] ?? null));
  return { table, head: `INSERT INTO ${table} (${keys.join(', ')})`, tail, rows: values };
}

const texts = new Map<string, string>();
const textsAtMost = 1_000;

/** With a placeholder for each value; the same text for the same shape, so that it is prepared once. */
function textOf(statement: RowsStatement): string {
  const shape = `${statement.head}|${statement.rows.length}|${statement.tail}`;
  const known = texts.get(shape);
  if (known !== undefined) return known;
  const text = rowsText(statement);
  if (texts.size < textsAtMost) texts.set(shape, text);
  return text;
}

/** `?, ?, ?` for an IN list of bounded length. */
export function placeholders(count: number): string {
  return Array.from({ length: count }, () => '?').join(', ');
}
