import mysql from 'mysql2';
import type { RowsStatement, SqlValue } from './engine.session.js';

interface Rows {
  readonly table: string;
  readonly head: string;
  readonly tail: string;
  readonly tuples: string[];
}

const statementsAtMost = 200;
const bytesAtMost = 1024 * 1024;

/** Writes of one transaction that wait for the next trip, as complete texts. */
export class WaitingStatements {
  private list: (string | Rows)[] = [];
  private bytes = 0;

  get isEmpty(): boolean {
    return this.list.length === 0;
  }

  get isTooMuch(): boolean {
    return this.list.length >= statementsAtMost || this.bytes > bytesAtMost;
  }

  add(text: string): void {
    this.list.push(text);
    this.bytes += text.length;
  }

  addRows({ table, head, tail, rows }: RowsStatement): void {
    const tuples = rows.map(tupleOf);
    for (const tuple of tuples) this.bytes += tuple.length;
    const open = this.openRows(table);
    if (open?.head === head && open.tail === tail) open.tuples.push(...tuples);
    else this.list.push({ table, head, tail, tuples });
  }

  take(): string[] {
    const texts = this.list.map((entry) =>
      typeof entry === 'string' ? entry : `${entry.head} VALUES ${entry.tuples.join(', ')}${entry.tail}`,
    );
    this.list = [];
    this.bytes = 0;
    return texts;
  }

  /** The rows of the table that wait last, unless a statement stands behind them which may be about the same table. */
  private openRows(table: string): Rows | null {
    for (let index = this.list.length - 1; index >= 0; index -= 1) {
      const entry = this.list[index];
      if (entry === undefined || typeof entry === 'string') return null;
      if (entry.table === table) return entry;
    }
    return null;
  }
}

function tupleOf(row: readonly SqlValue[]): string {
  return `(${row.map((value) => mysql.escape(value)).join(', ')})`;
}
