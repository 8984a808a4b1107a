import { Injectable } from '@nestjs/common';
import type { Counter } from 'prom-client';
import type { RuleOutcome } from '#contracts';
import type { Tx } from '#database';
import { Metrics } from '#service';

/** How many rules there can be, and with them series of a metric by rule. */
export const rulesAtMost = 200;

/** What rules did (P-06). A rule's label is its id; there are at most 200 of them. */
@Injectable()
export class RuleMetrics {
  private readonly evaluations: Counter<'rule' | 'outcome'>;
  private readonly points: Counter<'rule'>;
  private readonly changes: Counter<'change'>;
  private readonly events: Counter;

  constructor(metrics: Metrics) {
    this.evaluations = metrics.counter('coser_rule_evaluations_total', 'Rules asked about an event, by outcome', [
      'rule',
      'outcome',
    ]);
    this.points = metrics.counter('coser_rule_points_total', 'Points that rules gave', ['rule']);
    this.changes = metrics.counter('coser_rule_changes_total', 'Rules made, changed and switched', ['change']);
    this.events = metrics.counter('coser_rule_events_total', 'Events that rules could name');
    for (const change of ['created', 'changed', 'switched', 'all_switched']) this.changes.labels(change).inc(0);
  }

  evaluated(tx: Tx, ruleId: number, outcome: RuleOutcome, points: number): void {
    tx.afterCommit(() => {
      this.evaluations.labels(String(ruleId), outcome).inc();
      if (points > 0) this.points.labels(String(ruleId)).inc(points);
    });
  }

  changed(tx: Tx, change: 'created' | 'changed' | 'switched' | 'all_switched'): void {
    tx.afterCommit(() => this.changes.labels(change).inc());
  }

  heard(tx: Tx, count: number): void {
    tx.afterCommit(() => this.events.inc(count));
  }
}
