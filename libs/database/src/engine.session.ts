/** A value that both engines take as a parameter. Times go in as `sqlTime(date)`. */
export type SqlValue = string | number | null | Buffer;

export interface ChangeResult {
  affected: number;
  /** The id given to the (first) inserted row; 0 where none was. */
  insertId: number;
}

/** One connection of an engine, as thin as it can be: statements in, rows out. */
export interface EngineSession {
  all<Row>(sql: string, values: readonly SqlValue[]): Promise<Row[]>;
  /** `reuse: false` for statements whose text varies in length, so that they do not fill the server's prepared-statement table. */
  run(sql: string, values: readonly SqlValue[], reuse?: boolean): Promise<ChangeResult>;
}
