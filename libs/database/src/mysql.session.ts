import mysql, { type Connection, type FieldPacket, type ResultSetHeader } from 'mysql2';
import type { ChangeResult, EngineSession, SqlValue } from './engine.session.js';

/** The code mysql2 gives to its own timeouts. */
export const statementTimeoutCode = 'PROTOCOL_SEQUENCE_TIMEOUT';

type Done = (error: Error | null, result: unknown, fields?: FieldPacket[]) => void;

/**
 * Prepared statements over one mysql2 connection; several times cheaper than the text protocol with values pasted in.
 * A statement without an answer in time destroys the connection: what the server did with it is unknown.
 */
export class MysqlSession implements EngineSession {
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
    return { affected: header.affectedRows ?? 0, insertId: header.insertId ?? 0 };
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
        if (error) reject(error);
        else resolve(result as Result);
      });
    });
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
