import mysql, { type Connection, type FieldPacket, type ResultSetHeader, type RowDataPacket } from 'mysql2';
import type { ChangeResult, SqlValue } from './engine.session.js';

/** The code mysql2 gives to its own timeouts. */
export const statementTimeoutCode = 'PROTOCOL_SEQUENCE_TIMEOUT';

type Done = (error: Error | null, result: unknown, fields?: FieldPacket[]) => void;

/** What one statement of several answers: rows of a SELECT, the header of a change. */
export type BatchResult = RowDataPacket[] | ResultSetHeader;

/**
 * Statements over one mysql2 connection: prepared when they go alone, which is cheaper than values pasted into their text; as text when
 * several go in one trip, which is cheaper still.
 * A statement without an answer in time destroys the connection: what the server did with it is unknown.
 */
export class MysqlSession {
  constructor(
    private readonly connection: Connection,
    private readonly timeoutMs: number,
  ) {}

  async all<Row>(sql: string, values: readonly SqlValue[]): Promise<Row[]> {
    return this.inTime<Row[]>((done) =>
      this.connection.execute(sql, values as SqlValue[], (error, rows, fields) => {
        if (!error) completeTimes(rows as unknown as Record<string, unknown>[], fields);
        done(error, rows);
      }),
    );
  }

  async run(sql: string, values: readonly SqlValue[], reuse = true): Promise<ChangeResult> {
    const header = await this.inTime<ResultSetHeader>((done) =>
      reuse
        ? this.connection.execute(sql, values as SqlValue[], done)
        : this.connection.query(sql, values as SqlValue[], done),
    );
    return changeOf(header);
  }

  /** Complete statements in one trip. The server stops at the first that fails, and that is the error. */
  async batch(statements: readonly string[]): Promise<BatchResult[]> {
    return this.inTime<BatchResult[]>((done) =>
      this.connection.query(statements.join(';'), (error, answer: unknown, fields: unknown) => {
        // The driver answers one statement with its result, several with a list of results.
        const isOne = statements.length === 1;
        const results = (isOne ? [answer] : answer) as BatchResult[];
        if (!error) completeEach(results, (isOne ? [fields] : fields) as (FieldPacket[] | undefined)[]);
        done(error, results);
      }),
    );
  }

  /** A statement that cannot be prepared: transaction control, session settings. */
  async command(sql: string): Promise<void> {
    await this.inTime((done) => this.connection.query(sql, done));
  }

  private inTime<Result>(start: (done: Done) => unknown): Promise<Result> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.connection.destroy();
        reject(Object.assign(new Error('the database did not answer in time'), { code: statementTimeoutCode }));
      }, this.timeoutMs);
      start((error, result) => {
        clearTimeout(timer);
        if (error) reject(withoutValues(error));
        else resolve(result as Result);
      });
    });
  }
}

export function changeOf(header: ResultSetHeader): ChangeResult {
  return { affected: header.affectedRows ?? 0, insertId: header.insertId ?? 0 };
}

/** The driver hangs the statement with its values onto the error, which may be logged. */
function withoutValues(error: Error & { sql?: string }): Error {
  delete error.sql;
  return error;
}

function completeEach(results: readonly BatchResult[], fields: readonly (FieldPacket[] | undefined)[]): void {
  for (const [index, result] of results.entries()) {
    const itsFields = fields[index];
    if (Array.isArray(result) && itsFields) completeTimes(result, itsFields);
  }
}

const timeTypes: readonly number[] = [mysql.Types.DATETIME, mysql.Types.TIMESTAMP];
const lengthWithoutMilliseconds = '2026-01-02 03:04:05'.length;

/** The driver leaves milliseconds out when they are 0; a time has one form (see `SqlTime`), so that texts compare as times do. */
function completeTimes(rows: Record<string, unknown>[], fields: FieldPacket[]): void {
  for (const { name, decimals, columnType } of fields) {
    if (decimals !== 3 || columnType === undefined || !timeTypes.includes(columnType)) continue;
    for (const row of rows) {
      const time = row[name];
      if (typeof time === 'string' && time.length === lengthWithoutMilliseconds) row[name] = `${time}.000`;
    }
  }
}
