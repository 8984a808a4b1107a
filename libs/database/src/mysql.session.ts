import type { PoolConnection, ResultSetHeader } from 'mysql2';
import type { ChangeResult, EngineSession, SqlValue } from './engine.session.js';

/** Prepared statements over one mysql2 connection; several times cheaper than the text protocol with values pasted in. */
export class MysqlSession implements EngineSession {
  constructor(private readonly connection: PoolConnection) {}

  all<Row>(sql: string, values: readonly SqlValue[]): Promise<Row[]> {
    return new Promise((resolve, reject) => {
      this.connection.execute(sql, values as SqlValue[], (error, rows) => (error ? reject(error) : resolve(rows as Row[])));
    });
  }

  run(sql: string, values: readonly SqlValue[], reuse = true): Promise<ChangeResult> {
    return new Promise((resolve, reject) => {
      const done = (error: Error | null, result: unknown): void => {
        if (error) return reject(error);
        const header = result as ResultSetHeader;
        resolve({ affected: header.affectedRows ?? 0, insertId: header.insertId ?? 0 });
      };
      if (reuse) this.connection.execute(sql, values as SqlValue[], done);
      else this.connection.query(sql, values as SqlValue[], done);
    });
  }
}
