import { Injectable } from '@nestjs/common';
import type { Counter } from 'prom-client';
import { pointRecordTypes, VelocityAlarmRaised, type PointRecordType } from '#contracts';
import { fromSqlTime, placeholders, sqlTime, type SqlTime, type Tx } from '#database';
import type { CommandContext } from '#messaging';
import { Metrics } from '#service';
import { velocityRulesAtMost } from './velocity-rule.service.js';
import {
  countUp,
  firstSliceOf,
  isBroken,
  partsOfSubject,
  withoutOpenGap,
  type CountedSlice,
  type Tally,
  type WatchedRecord,
} from './velocity.rules.js';
import { isRecordType, ruleColumns, watchRuleOf, type VelocityRuleRow } from './velocity.store.js';

export const recordsPerStep = 500;
const countersPerStatement = 500;

const typeNames = new Map(
  Object.entries(pointRecordTypes).map(([name, type]) => [type as number, name as PointRecordType]),
);

interface RecordRow {
  id: number;
  user_id: number;
  type: number;
  points: number;
  created_at: SqlTime;
}

interface Broken extends Tally {
  readonly subject: string;
}

/** Counts the ledger's new records by the rules, and raises alarms (P-09). What was counted is written with how far it counted. */
@Injectable()
export class VelocityRecorder {
  private readonly alarms: Counter<'scope'>;

  constructor(metrics: Metrics) {
    this.alarms = metrics.counter('coser_velocity_alarms_total', 'Velocity alarms raised, by scope of the rule', [
      'scope',
    ]);
    // A series that is there from the start shows 0 instead of nothing.
    for (const scope of ['member', 'type', 'platform']) this.alarms.labels(scope).inc(0);
  }

  /** Counts at most so many records; returns how many. */
  async step(context: CommandContext): Promise<number> {
    const { tx, now } = context;
    const cursor = await tx.one<{ record_id: number }>(
      `SELECT record_id FROM velocity_cursors WHERE name = 'records'${tx.lock}`,
    );
    const after = cursor?.record_id ?? 0;
    const records = withoutOpenGap(await readRecords(tx, after), after, now);
    const last = records.at(-1);
    if (!last) return 0;
    const rules = await readRules(tx);
    const slices = countUp([...rules.values()].map(watchRuleOf), records);
    await addCounters(tx, slices);
    for (const row of rules.values()) await this.check(context, row, slices, records);
    await tx.execute("UPDATE velocity_cursors SET record_id = ? WHERE name = 'records'", [last.id]);
    return records.length;
  }

  /** Looks at the windows of the subjects that something was counted for. */
  private async check(
    context: CommandContext,
    row: VelocityRuleRow,
    slices: readonly CountedSlice[],
    records: readonly WatchedRecord[],
  ): Promise<void> {
    const rule = watchRuleOf(row);
    const subjects = [...new Set(slices.filter(({ ruleId }) => ruleId === rule.id).map(({ subject }) => subject))];
    if (subjects.length === 0) return;
    const latest = new Date(Math.max(...records.map(({ at }) => at.getTime())));
    const since = firstSliceOf(latest, rule.windowMinutes);
    for (const { subject, ...tally } of await tallies(context.tx, rule.id, since, subjects)) {
      if (isBroken(rule, tally)) await this.raise(context, row, { subject, ...tally }, since);
    }
    await context.tx.execute('DELETE FROM velocity_counters WHERE rule_id = ? AND slice_at < ?', [
      rule.id,
      sqlTime(since),
    ]);
  }

  /** One alarm is open for a rule and a subject; what goes on is noted there. What was resolved does not count again. */
  private async raise(context: CommandContext, row: VelocityRuleRow, broken: Broken, since: Date): Promise<void> {
    const { tx, now } = context;
    const { subject } = broken;
    const openKey = `${row.id}:${subject}`;
    const open = await tx.one<{ id: number; points: number; records: number }>(
      `SELECT id, points, records FROM velocity_alarms WHERE open_key = ?${tx.lock}`,
      [openKey],
    );
    if (open) {
      await tx.execute('UPDATE velocity_alarms SET points = ?, records = ?, last_seen_at = ? WHERE id = ?', [
        Math.max(open.points, broken.points),
        Math.max(open.records, broken.records),
        sqlTime(now),
        open.id,
      ]);
      return;
    }
    const tally = await this.sinceResolved(tx, row, broken, since);
    if (!isBroken(watchRuleOf(row), tally)) return;
    const { insertId } = await tx.insert('velocity_alarms', {
      rule_id: row.id,
      subject,
      open_key: openKey,
      points: tally.points,
      records: tally.records,
      state: 'open',
      raised_at: sqlTime(now),
      last_seen_at: sqlTime(now),
      handled_by: null,
      handled_at: null,
      note: null,
    });
    this.tell(context, row, subject, insertId, tally);
  }

  private async sinceResolved(tx: Tx, row: VelocityRuleRow, broken: Broken, since: Date): Promise<Tally> {
    const resolved = await tx.one<{ handled_at: SqlTime | null }>(
      'SELECT handled_at FROM velocity_alarms WHERE rule_id = ? AND subject = ? ORDER BY id DESC LIMIT 1',
      [row.id, broken.subject],
    );
    const at = resolved?.handled_at ? fromSqlTime(resolved.handled_at) : null;
    if (at === null || at < since) return broken;
    const [left] = await tallies(tx, row.id, at, [broken.subject]);
    return left ?? { points: 0, records: 0 };
  }

  private tell(context: CommandContext, row: VelocityRuleRow, subject: string, id: number, tally: Tally): void {
    const { userId, recordType } = partsOfSubject(subject);
    context.emit(
      VelocityAlarmRaised,
      {
        alarm_id: id,
        rule_id: row.id,
        rule_name: row.name,
        scope: row.scope,
        user_id: userId,
        record_type: isRecordType(recordType) ? recordType : null,
        points: tally.points,
        records: tally.records,
        window_minutes: row.window_minutes,
      },
      { ...(userId !== null && { user_id: userId }), after: { alarm_id: id, state: 'open' } },
    );
    context.tx.afterCommit(() => this.alarms.labels(row.scope).inc());
  }
}

async function readRecords(tx: Tx, after: number): Promise<WatchedRecord[]> {
  const rows = await tx.query<RecordRow>(
    `SELECT id, user_id, type, points, created_at FROM point_records WHERE id > ? ORDER BY id LIMIT ${recordsPerStep}`,
    [after],
  );
  return rows.map((row) => ({
    id: row.id,
    userId: row.user_id,
    type: typeNames.get(row.type) ?? 'activity',
    points: row.points,
    at: fromSqlTime(row.created_at),
  }));
}

async function readRules(tx: Tx): Promise<Map<number, VelocityRuleRow>> {
  const rows = await tx.query<VelocityRuleRow>(
    `SELECT ${ruleColumns} FROM velocity_rules WHERE enabled = 1 ORDER BY id LIMIT ${velocityRulesAtMost}`,
  );
  return new Map(rows.map((row) => [row.id, row]));
}

async function addCounters(tx: Tx, slices: readonly CountedSlice[]): Promise<void> {
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

async function tallies(tx: Tx, ruleId: number, since: Date, subjects: readonly string[]): Promise<Broken[]> {
  const rows = await tx.query<{ subject: string; points: number | string; records: number | string }>(
    `SELECT subject, SUM(points) AS points, SUM(records) AS records FROM velocity_counters
     WHERE rule_id = ? AND slice_at >= ? AND subject IN (${placeholders(subjects.length)}) GROUP BY subject`,
    [ruleId, sqlTime(since), ...subjects],
  );
  return rows.map(({ subject, points, records }) => ({ subject, points: Number(points), records: Number(records) }));
}
