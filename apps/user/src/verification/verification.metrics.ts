import { Injectable } from '@nestjs/common';
import type { Counter } from 'prom-client';
import type { Tx } from '#database';
import { Metrics } from '#service';
import { verificationOutcomes, type VerificationOutcome } from './verification-limits.rules.js';

/** Counts what becomes of verifications (U-17). */
@Injectable()
export class VerificationMetrics {
  private readonly verifications: Counter<'outcome'>;
  private readonly blacklistChanges: Counter<'change'>;

  constructor(metrics: Metrics) {
    this.verifications = metrics.counter(
      'coser_email_verifications_total',
      'E-mail verifications and verification mails by what became of them',
      ['outcome'],
    );
    // Known series from the start: a rate over a series that appears with its first count misses that count.
    for (const outcome of verificationOutcomes) this.verifications.labels(outcome).inc(0);
    const text = 'Entries that admins put on the e-mail blacklist or took off';
    this.blacklistChanges = metrics.counter('coser_email_blacklist_changes_total', text, ['change']);
    for (const change of ['added', 'removed']) this.blacklistChanges.labels(change).inc(0);
  }

  countBlacklisted(tx: Tx, change: 'added' | 'removed'): void {
    tx.afterCommit(() => this.blacklistChanges.labels(change).inc());
  }

  count(tx: Tx, outcome: VerificationOutcome): void {
    tx.afterCommit(() => this.verifications.labels(outcome).inc());
  }

  /** For a refusal that is thrown. */
  countRefused(tx: Tx, outcome: VerificationOutcome): void {
    tx.whenSettled(() => this.verifications.labels(outcome).inc());
  }
}
