import { Injectable } from '@nestjs/common';
import type { Counter } from 'prom-client';
import { ruleOutcomes, type RuleOutcome } from '#contracts';
import type { Tx } from '#database';
import { Metrics } from '#service';

/** How many rules there can be beside those that are removed, and series of a metric by rule. */
export const rulesAtMost = 200;

const ruleChanges = ['created', 'changed', 'switched', 'removed', 'all_switched'] as const;
export type RuleChange = (typeof ruleChanges)[number];

/** What rules did (P-06). A rule's label is its id; those that were asked last have series, as many as there can be rules. */
@Injectable()
export class RuleMetrics {
  private readonly evaluations: Counter<'rule' | 'outcome'>;
  private readonly points: Counter<'rule'>;
  private readonly changes: Counter<'change'>;
  private readonly events: Counter;
  /** The one that was asked last stands at the end. */
  private readonly asked = new Set<string>();

  constructor(metrics: Metrics) {
    this.evaluations = metrics.counter('coser_rule_evaluations_total', 'Rules asked about an event, by outcome', [
      'rule',
      'outcome',
    ]);
    this.points = metrics.counter('coser_rule_points_total', 'Points that rules gave', ['rule']);
    this.changes = metrics.counter('coser_rule_changes_total', 'Rules made, changed, switched and removed', ['change']);
    this.events = metrics.counter('coser_rule_events_total', 'Events that rules could name');
    for (const change of ruleChanges) this.changes.labels(change).inc(0);
  }

  evaluated(tx: Tx, ruleId: number, outcome: RuleOutcome, points: number): void {
    tx.afterCommit(() => {
      const rule = String(ruleId);
      this.remember(rule);
      this.evaluations.labels(rule, outcome).inc();
      if (points > 0) this.points.labels(rule).inc(points);
    });
  }

  /** Rules come and go, and a series would stay: the one that was not asked for longest loses its own. */
  private remember(rule: string): void {
    this.asked.delete(rule);
    this.asked.add(rule);
    const [oldest] = this.asked;
    if (this.asked.size <= rulesAtMost || oldest === undefined) return;
    this.asked.delete(oldest);
    for (const outcome of ruleOutcomes) this.evaluations.remove(oldest, outcome);
    this.points.remove(oldest);
  }

  changed(tx: Tx, change: RuleChange): void {
    tx.afterCommit(() => this.changes.labels(change).inc());
  }

  heard(tx: Tx, count: number): void {
    tx.afterCommit(() => this.events.inc(count));
  }
}
