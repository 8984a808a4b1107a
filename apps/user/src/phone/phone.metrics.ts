import { Injectable } from '@nestjs/common';
import type { Counter } from 'prom-client';
import type { Tx } from '#database';
import { Metrics } from '#service';

const phoneOutcomes = [
  'code_sent',
  'contact_asked',
  'bound',
  'wrong_code',
  'locked_out',
  'late_code',
  'contact_refused',
  'taken',
  'unbound',
] as const;
type PhoneOutcome = (typeof phoneOutcomes)[number];

/** Counts what becomes of phone numbers (U-17). */
@Injectable()
export class PhoneMetrics {
  private readonly verifications: Counter<'outcome'>;

  constructor(metrics: Metrics) {
    this.verifications = metrics.counter(
      'coser_phone_verifications_total',
      'Phone verifications by what became of them',
      ['outcome'],
    );
    for (const outcome of phoneOutcomes) this.verifications.labels(outcome).inc(0);
  }

  count(tx: Tx, outcome: PhoneOutcome): void {
    tx.afterCommit(() => this.verifications.labels(outcome).inc());
  }

  /** For a refusal that is thrown. */
  countRefused(tx: Tx, outcome: PhoneOutcome): void {
    tx.whenSettled(() => this.verifications.labels(outcome).inc());
  }
}
