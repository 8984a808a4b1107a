/** A value that both engines take as a parameter. Times go in as `sqlTime(date)`. */
export type SqlValue = string | number | null | Buffer;

export interface ChangeResult {
  /** Rows inserted or deleted, or found by an update's condition, changed or not. Of an upsert the engines count differently. */
  affected: number;
  /** The id given to the (first) inserted row; 0 after an update or delete. Of an upsert it says nothing. */
  insertId: number;
}

/** Rows for one table by one statement, `head VALUES (...), (...) tail`. */
export interface RowsStatement {
  readonly table: string;
  readonly head: string;
  readonly tail: string;
  readonly rows: readonly (readonly SqlValue[])[];
}

/** The statement with a placeholder for each value. */
export function rowsText({ head, tail, rows }: RowsStatement): string {
  const tuples = rows.map((row) => `(${row.map(() => '?').join(', ')})`);
  return `${head} VALUES ${tuples.join(', ')}${tail}`;
}

/** One connection of an engine, as thin as it can be: statements in, rows out. */
export interface EngineSession {
  all<Row>(sql: string, values: readonly SqlValue[]): Promise<Row[]>;
  /** `reuse: false` for statements whose text varies in length, so that they do not fill the server's prepared-statement table. */
  run(sql: string, values: readonly SqlValue[], reuse?: boolean): Promise<ChangeResult>;
  /** A write whose outcome nobody asks for. It may be sent with the next statement or the commit, which then fails in its place. */
  later(sql: string, values: readonly SqlValue[]): Promise<void>;
  /** The same for rows: those that wait for one statement go in one. Rows of other tables may be written in between. */
  laterRows(statement: RowsStatement): Promise<void>;
}

/** The session of one open transaction. After its end every statement is refused: it would run outside of any transaction. */
export class TransactionSession implements EngineSession {
  private ended = false;

  constructor(private readonly session: EngineSession) {}

  end(): void {
    this.ended = true;
  }

  async all<Row>(sql: string, values: readonly SqlValue[]): Promise<Row[]> {
    this.check();
    return this.session.all<Row>(sql, values);
  }

  async run(sql: string, values: readonly SqlValue[], reuse?: boolean): Promise<ChangeResult> {
    this.check();
    return this.session.run(sql, values, reuse);
  }

  async later(sql: string, values: readonly SqlValue[]): Promise<void> {
    this.check();
    return this.session.later(sql, values);
  }

  async laterRows(statement: RowsStatement): Promise<void> {
    this.check();
    return this.session.laterRows(statement);
  }

  private check(): void {
    if (this.ended) throw new Error('the transaction has ended: a statement was not awaited');
  }
}
