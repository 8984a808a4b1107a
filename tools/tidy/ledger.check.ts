import { isTest, matches, type SourceFile, type Violation } from './source.file.js';

const LEDGER = 'apps/points/src/ledger/';
const CHANGED_RECORD = /\b(?:UPDATE|DELETE\s+FROM)\s+point_records\b|\bupsert(?:Later)?\(\s*'point_records'/g;
const POSTED_ELSEWHERE = /\bINSERT\s+INTO\s+point_records\b|\binsert(?:Later)?\(\s*'point_records'/g;
const BALANCE_ELSEWHERE = /\bUPDATE\s+point_accounts\s+SET\b[^'"`]*?\b(?:balance|frozen|lifetime_earned)\s*=/g;

/** Records are never changed, and only the ledger writes them and balances (P-01). Migrations run before anybody posts. */
export function oneLedger(file: SourceFile): Violation[] {
  if (!/^apps\/.*\.ts$/.test(file.path) || /\/migrations\//.test(file.path) || isTest(file.path)) return [];
  const advice = (match: string): string => `${match}: let LedgerService write it, under its lock`;
  return [
    ...matches(file, CHANGED_RECORD, 'immutable-records', (match) => `${match}: post a record of the opposite`),
    ...(file.path.startsWith(LEDGER)
      ? []
      : [POSTED_ELSEWHERE, BALANCE_ELSEWHERE].flatMap((pattern) => matches(file, pattern, 'one-ledger', advice))),
  ];
}
