import { describe, expect, it } from 'vitest';
import type { SqlValue } from './engine.session.js';
import { WaitingStatements } from './waiting.statements.js';

const rows = (table: string, ...values: SqlValue[]) => ({
  table,
  head: `INSERT INTO ${table} (word)`,
  tail: '',
  rows: values.map((value) => [value]),
});

describe('WaitingStatements', () => {
  it('gathers the rows of each table in one statement, where the first of them stood', () => {
    const waiting = new WaitingStatements();
    waiting.addRows(rows('a', 'one'));
    waiting.addRows(rows('b', 1));
    waiting.addRows(rows('a', 'two', null));
    expect(waiting.take()).toEqual([
      "INSERT INTO a (word) VALUES ('one'), ('two'), (NULL)",
      'INSERT INTO b (word) VALUES (1)',
    ]);
    expect(waiting.isEmpty).toBe(true);
    expect(waiting.take()).toEqual([]);
  });

  it('does not move rows before a statement that may be about them, nor into one of another form', () => {
    const waiting = new WaitingStatements();
    waiting.addRows(rows('a', 'one'));
    waiting.add("UPDATE a SET word = 'x'");
    waiting.addRows(rows('a', 'two'));
    waiting.addRows({ ...rows('a', 'three'), tail: ' ON DUPLICATE KEY UPDATE word = word' });
    waiting.addRows(rows('a', 'four'));
    expect(waiting.take()).toEqual([
      "INSERT INTO a (word) VALUES ('one')",
      "UPDATE a SET word = 'x'",
      "INSERT INTO a (word) VALUES ('two')",
      "INSERT INTO a (word) VALUES ('three') ON DUPLICATE KEY UPDATE word = word",
      "INSERT INTO a (word) VALUES ('four')",
    ]);
  });

  it('writes values so that none of them is read as part of a statement', () => {
    const waiting = new WaitingStatements();
    waiting.addRows(rows('a', "'); DROP TABLE a; -- \\", Buffer.from([0, 39, 255])));
    expect(waiting.take()).toEqual(["INSERT INTO a (word) VALUES ('\\'); DROP TABLE a; -- \\\\'), (X'0027ff')"]);
  });

  it('says when it is too much to go on waiting', () => {
    const few = new WaitingStatements();
    for (let count = 0; count < 199; count += 1) few.add('SELECT 1');
    expect(few.isTooMuch).toBe(false);
    few.add('SELECT 1');
    expect(few.isTooMuch).toBe(true);
    const large = new WaitingStatements();
    large.addRows(rows('a', 'x'.repeat(1024 * 1024 + 1)));
    expect(large.isTooMuch).toBe(true);
  });
});
