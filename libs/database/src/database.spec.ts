import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  rowsText,
  type ChangeResult,
  type EngineSession,
  type RowsStatement,
  type SqlValue,
} from './engine.session.js';
import {
  fromSqlTime,
  fromSqlTimeOrNull,
  isConnectionProblem,
  isDuplicateKey,
  isLockConflict,
  isoTime,
  isoTimeOrNull,
  placeholders,
  sqlTime,
  sqlTimeOrNull,
  Tx,
} from './index.js';
import type { Dialect } from './index.js';
import { Mutex } from './mutex.js';

/** An engine at the edge that writes down what it is sent. */
class Tape implements EngineSession {
  readonly statements: { sql: string; values: readonly SqlValue[]; reuse: boolean | undefined }[] = [];

  async all<Row>(): Promise<Row[]> {
    return [];
  }

  async run(sql: string, values: readonly SqlValue[], reuse?: boolean): Promise<ChangeResult> {
    this.statements.push({ sql, values, reuse });
    return { affected: 1, insertId: 1 };
  }

  async later(sql: string, values: readonly SqlValue[]): Promise<void> {
    this.statements.push({ sql, values, reuse: undefined });
  }

  async laterRows(statement: RowsStatement): Promise<void> {
    this.statements.push({ sql: rowsText(statement), values: statement.rows.flat(), reuse: undefined });
  }
}

async function recorded(dialect: Dialect, work: (tx: Tx) => Promise<unknown>): Promise<Tape['statements']> {
  const tape = new Tape();
  await work(new Tx(tape, dialect));
  return tape.statements;
}

describe('Tx', () => {
  it('inserts one row or many with one statement, missing fields as null', async () => {
    const statements = await recorded('sqlite', async (tx) => {
      await tx.insert('notes', { word: 'a', size: 1 });
      await tx.insert('notes', [{ word: 'b', size: 2 }, { word: 'c' }]);
    });
    expect(statements).toEqual([
      { sql: 'INSERT INTO notes (word, size) VALUES (?, ?)', values: ['a', 1], reuse: true },
      { sql: 'INSERT INTO notes (word, size) VALUES (?, ?), (?, ?)', values: ['b', 2, 'c', null], reuse: true },
    ]);
  });

  it('keeps no long insert prepared', async () => {
    const rows = Array.from({ length: 5 }, (_, index) => ({ word: `w${index}` }));
    expect(await recorded('mysql', (tx) => tx.insert('notes', rows))).toMatchObject([{ reuse: false }]);
  });

  it('has something to insert', async () => {
    expect(() => new Tx(new Tape(), 'mysql').insert('notes', [])).toThrow('insert into notes without rows');
  });

  it('upserts in the words of each engine', async () => {
    const upsert = async (tx: Tx) => {
      await tx.upsert(
        'balances',
        { user_id: 1, kind: 'points', amount: 5 },
        { conflict: ['user_id', 'kind'], update: ['amount'] },
      );
      await tx.upsert('balances', { user_id: 1, kind: 'points', amount: 0 }, { conflict: ['user_id', 'kind'] });
    };
    const insert = 'INSERT INTO balances (user_id, kind, amount) VALUES (?, ?, ?)';
    expect((await recorded('mysql', upsert)).map(({ sql }) => sql)).toEqual([
      `${insert} ON DUPLICATE KEY UPDATE amount = VALUES(amount)`,
      `${insert} ON DUPLICATE KEY UPDATE user_id = user_id`,
    ]);
    expect((await recorded('sqlite', upsert)).map(({ sql }) => sql)).toEqual([
      `${insert} ON CONFLICT (user_id, kind) DO UPDATE SET amount = excluded.amount`,
      `${insert} ON CONFLICT (user_id, kind) DO UPDATE SET user_id = excluded.user_id`,
    ]);
  });

  it('locks rows where the engine needs words for it', () => {
    expect([new Tx(new Tape(), 'mysql').lock, new Tx(new Tape(), 'sqlite').lock]).toEqual([' FOR UPDATE', '']);
  });
});

describe('placeholders', () => {
  it('has one for each value', () => {
    expect([1, 3].map(placeholders)).toEqual(['?', '?, ?, ?']);
  });
});

describe('times', () => {
  it('go there and back, and sort as text', () => {
    const dates = fc.date({ min: new Date('1970-01-01'), max: new Date('9999-12-31'), noInvalidDate: true });
    fc.assert(fc.property(dates, (date) => fromSqlTime(sqlTime(date)).getTime() === date.getTime()));
    fc.assert(fc.property(dates, dates, (one, two) => sqlTime(one) < sqlTime(two) === one.getTime() < two.getTime()));
  });

  it('are shown as ISO 8601', () => {
    expect(isoTime('2026-01-02 03:04:05.600')).toBe('2026-01-02T03:04:05.600Z');
    expect([isoTimeOrNull(null), isoTimeOrNull('2026-01-02 03:04:05')]).toEqual([null, '2026-01-02T03:04:05.000Z']);
  });

  it('are taken as moments and as ISO 8601, and may be missing', () => {
    const stored = '2026-01-02 03:04:05.600';
    const moment = fromSqlTime(stored);
    expect([null, moment, '2026-01-02T04:04:05.600+01:00'].map(sqlTimeOrNull)).toEqual([null, stored, stored]);
    expect([null, stored].map(fromSqlTimeOrNull)).toEqual([null, moment]);
  });
});

describe('errors of the engines', () => {
  it('are told apart, wrapped by TypeORM or not', () => {
    const kinds = (error: unknown): boolean[] => [
      isDuplicateKey(error),
      isLockConflict(error),
      isConnectionProblem(error),
    ];
    expect(kinds({ code: 'ER_DUP_ENTRY', errno: 1062 })).toEqual([true, false, false]);
    expect(kinds({ driverError: { code: 'SQLITE_CONSTRAINT_PRIMARYKEY' } })).toEqual([true, false, false]);
    expect(kinds({ code: 'ER_LOCK_DEADLOCK', errno: 1213 })).toEqual([false, true, false]);
    expect(kinds({ code: 'SQLITE_BUSY' })).toEqual([false, true, false]);
    expect(kinds({ code: 'ECONNREFUSED' })).toEqual([false, false, true]);
    expect(kinds({ errno: 1927, sqlState: '70100' })).toEqual([false, false, true]);
    expect(kinds(new Error("Can't add new command when connection is in closed state"))).toEqual([false, false, true]);
    for (const other of [null, undefined, 'text', new Error('no'), { code: 'ER_PARSE_ERROR', errno: 1064 }]) {
      expect(kinds(other)).toEqual([false, false, false]);
    }
  });
});

describe('Mutex', () => {
  it('lets one in at a time, in order, and the next one in after a failure', async () => {
    const mutex = new Mutex();
    const steps: string[] = [];
    const work = (name: string) => async (): Promise<void> => {
      steps.push(`${name} in`);
      await new Promise((resolve) => setImmediate(resolve));
      steps.push(`${name} out`);
      if (name === 'b') throw new Error('b fails');
    };
    const outcomes = Promise.allSettled(['a', 'b', 'c'].map((name) => mutex.run(work(name))));
    expect(mutex.waiting).toBe(3);
    expect((await outcomes).map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(steps).toEqual(['a in', 'a out', 'b in', 'b out', 'c in', 'c out']);
    expect(mutex.waiting).toBe(0);
  });
});
