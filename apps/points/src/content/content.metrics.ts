import { Injectable } from '@nestjs/common';
import type { Counter } from 'prom-client';
import type { Tx } from '#database';
import { Metrics } from '#service';

const outcomes = ['submitted', 'withdrawn', 'approved', 'rejected', 'duplicate'] as const;

/** What happens to what members hand in (P-05). */
@Injectable()
export class ContentMetrics {
  private readonly contents: Counter<'outcome'>;

  constructor(metrics: Metrics) {
    this.contents = metrics.counter('coser_contents_total', 'Submissions of members, by what became of them', [
      'outcome',
    ]);
    for (const outcome of outcomes) this.contents.labels(outcome).inc(0);
  }

  became(tx: Tx, outcome: Exclude<(typeof outcomes)[number], 'duplicate'>): void {
    tx.afterCommit(() => this.contents.labels(outcome).inc());
  }

  /** For a refusal that is thrown. */
  refusedDuplicate(tx: Tx): void {
    tx.whenSettled(() => this.contents.labels('duplicate').inc());
  }
}
