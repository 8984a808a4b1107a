import { Injectable } from '@nestjs/common';
import type { Counter } from 'prom-client';
import { VelocityAlarmRaised } from '#contracts';
import { sqlTime } from '#database';
import type { CommandContext } from '#messaging';
import { Metrics } from '#service';
import { lastResolvedAt, lockOpenAlarm, noteInAlarm, openAlarm } from './velocity-alarm.store.js';
import { addCounters, readCounters, readRecords, readRules, tallies } from './velocity-counter.store.js';
import {
  countUp,
  firstSliceOf,
  isBroken,
  partsOfSubject,
  windowEnds,
  withoutOpenGap,
  worstOf,
  type CountedSlice,
  type Tally,
  type WatchedRecord,
} from './velocity.rules.js';
import { isRecordType, watchRuleOf, type VelocityRuleRow } from './velocity.store.js';

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
    const slices = countUp(rules.map(watchRuleOf), records);
    await addCounters(tx, slices);
    for (const row of rules) await this.check(context, row, slices, records);
    await tx.execute("UPDATE velocity_cursors SET record_id = ? WHERE name = 'records'", [last.id]);
    return records.length;
  }

  /**
   * Looks at the windows of the subjects that something was counted for: at each that ends with one of the records, for after a
   * standstill these reach back further than one window.
   */
  private async check(
    context: CommandContext,
    row: VelocityRuleRow,
    slices: readonly CountedSlice[],
    records: readonly WatchedRecord[],
  ): Promise<void> {
    const rule = watchRuleOf(row);
    const subjects = [...new Set(slices.filter(({ ruleId }) => ruleId === rule.id).map(({ subject }) => subject))];
    if (subjects.length === 0) return;
    const times = records.map(({ at }) => at.getTime());
    const [earliest, latest] = [Math.min(...times), Math.max(...times)].map((time) =>
      firstSliceOf(new Date(time), rule.windowMinutes),
    ) as [Date, Date];
    // The sums over everything hold every window: who stays below the rule there needs no second look.
    for (const { subject, ...tally } of await tallies(context.tx, rule.id, earliest, subjects)) {
      if (isBroken(rule, tally)) await this.checkWindows(context, row, subject, { since: earliest, records });
    }
    await context.tx.execute('DELETE FROM velocity_counters WHERE rule_id = ? AND slice_at < ?', [
      rule.id,
      sqlTime(latest),
    ]);
  }

  /** One alarm is open for a rule and a subject; what goes on is noted there. What was resolved does not count again. */
  private async checkWindows(
    context: CommandContext,
    row: VelocityRuleRow,
    subject: string,
    { since, records }: { since: Date; records: readonly WatchedRecord[] },
  ): Promise<void> {
    const { tx } = context;
    const rule = watchRuleOf(row);
    const watched = { ruleId: row.id, subject };
    const counted = await readCounters(tx, row.id, subject, since);
    const open = await lockOpenAlarm(tx, watched);
    const worst = worstOf(rule, counted, windowEnds(rule, subject, records), await lastResolvedAt(tx, watched));
    if (!worst) return;
    if (open) await noteInAlarm(context, open, worst);
    else this.tell(context, row, subject, await openAlarm(context, watched, worst), worst);
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
