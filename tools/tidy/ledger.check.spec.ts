import { describe, expect, it } from 'vitest';
import { oneLedger } from './ledger.check.js';
import { sourceFile } from './source.file.js';

const elsewhere = 'apps/points/src/shop/order.writer.ts';
const ledger = 'apps/points/src/ledger/ledger.service.ts';
const rulesOf = (path: string, text: string): string[] => oneLedger(sourceFile(path, text)).map(({ rule }) => rule);

describe('one ledger (P-01)', () => {
  it.each([
    ["await tx.execute('UPDATE point_records SET points = 0');", elsewhere],
    ["await tx.execute('DELETE FROM point_records WHERE id = ?');", ledger],
    ["await tx.upsert('point_records', row);", ledger],
  ])('%s changes a record, in %s', (text, path) => {
    expect(rulesOf(path, text)).toEqual(['immutable-records']);
  });

  it.each([
    "await tx.insertLater('point_records', rows);",
    "await tx.execute('INSERT INTO point_records (user_id) VALUES (?)');",
    "await tx.execute('UPDATE point_accounts SET makeup_cards = 3, balance = balance + ? WHERE user_id = ?');",
    "await tx.execute('UPDATE point_accounts SET frozen = 0');",
  ])('%s is a second writer', (text) => {
    expect(rulesOf(elsewhere, text)).toEqual(['one-ledger']);
    expect(rulesOf('apps/points/src/migrations/1-balances.ts', text)).toEqual([]);
    expect(rulesOf('apps/points/src/shop/order.int-spec.ts', text)).toEqual([]);
  });

  it.each([
    "await tx.execute('UPDATE point_accounts SET makeup_cards = ? WHERE user_id = ?');",
    "await tx.query('SELECT balance FROM point_accounts WHERE frozen = 0');",
    "await tx.upsert('point_accounts', empty, { conflict: ['user_id'] });",
  ])('%s is none', (text) => {
    expect(rulesOf(elsewhere, text)).toEqual([]);
  });

  it('the ledger itself posts records', () => {
    expect(rulesOf(ledger, "await tx.insertLater('point_records', rows);")).toEqual([]);
  });
});
