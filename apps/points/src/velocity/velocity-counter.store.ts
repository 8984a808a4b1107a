import { fromSqlTime, placeholders, sqlTime, type SqlTime, type Tx } from '#database';
import { recordTypeOf } from '../ledger/ledger.rules.js';
import { velocityRulesAtMost } from './velocity-rule.service.js';
import type { CountedSlice, Tally, TimedTally, WatchedRecord } from './velocity.rules.js';
import { ruleColumns, type VelocityRuleRow } from './velocity.store.js';

export const recordsPerStep = 500;
const countersPerStatement = 500;
/** Those of a window before the first record, and one for each record of a step. */
const slicesAtMost = recordsPerStep + 20;

interface RecordRow {
  id: number;
  user_id: number;
  type: number;
  points: number;
  created_at: SqlTime;
}

export interface SubjectTally extends Tally {
  readonly subject: string;
}

/** The ledger's records behind the one that was counted last. */
export async function readRecords(tx: Tx, after: number): Promise<WatchedRecord[]> {
  const rows = await tx.query<RecordRow>(
    `SELECT id, user_id, type, points, created_at FROM point_records WHERE id > ? ORDER BY id LIMIT ${recordsPerStep}`,
    [after],
  );
  return rows.map((row) => ({
    id: row.id,
    userId: row.user_id,
    type: recordTypeOf(row.type),
    points: row.points,
    at: fromSqlTime(row.created_at),
  }));
}

/** The rules that are on. */
export function readRules(tx: Tx): Promise<VelocityRuleRow[]> {
  return tx.query<VelocityRuleRow>(
    `SELECT ${ruleColumns} FROM velocity_rules WHERE enabled = 1 ORDER BY id LIMIT ${velocityRulesAtMost}`,
  );
}

export async function addCounters(tx: Tx, slices: readonly CountedSlice[]): Promise<void> {
  const rows = slices.map(({ ruleId, subject, sliceAt, points, records }) => ({
    rule_id: ruleId,
    subject,
    slice_at: sqlTime(sliceAt),
    points,
    records,
  }));
  for (let from = 0; from < rows.length; from += countersPerStatement) {
    await tx.upsert('velocity_counters', rows.slice(from, from + countersPerStatement), {
      conflict: ['rule_id', 'subject', 'slice_at'],
      add: ['points', 'records'],
    });
  }
}

/** The same of one subject, slice by slice. */
export async function readCounters(tx: Tx, ruleId: number, subject: string, since: Date): Promise<TimedTally[]> {
  const rows = await tx.query<{ slice_at: SqlTime; points: number | string; records: number | string }>(
    `SELECT slice_at, points, records FROM velocity_counters WHERE rule_id = ? AND subject = ? AND slice_at >= ?
     ORDER BY slice_at LIMIT ${slicesAtMost}`,
    [ruleId, subject, sqlTime(since)],
  );
  return rows.map(({ slice_at, points, records }) => ({
    sliceAt: fromSqlTime(slice_at),
    points: Number(points),
    records: Number(records),
  }));
}

/** What subjects have in all since a moment. */
export async function tallies(
  tx: Tx,
  ruleId: number,
  since: Date,
  subjects: readonly string[],
): Promise<SubjectTally[]> {
  const rows = await tx.query<{ subject: string; points: number | string; records: number | string }>(
    `SELECT subject, SUM(points) AS points, SUM(records) AS records FROM velocity_counters
     WHERE rule_id = ? AND slice_at >= ? AND subject IN (${placeholders(subjects.length)}) GROUP BY subject`,
    [ruleId, sqlTime(since), ...subjects],
  );
  return rows.map(({ subject, points, records }) => ({ subject, points: Number(points), records: Number(records) }));
}
