import { Injectable } from '@nestjs/common';
import type { Counter } from 'prom-client';
import { AppError } from '#contracts';
import { Metrics } from '#service';

/** Refuses what comes too often, and counts it by the limit that was met. */
@Injectable()
export class RateLimitMetrics {
  private readonly refused: Counter<'scope'>;

  constructor(metrics: Metrics) {
    this.refused = metrics.counter('coser_rate_limited_total', 'Requests refused for coming too often, by scope', [
      'scope',
    ]);
  }

  /** Does nothing for a wait of 0. @throws AppError with the wait */
  refuseAfter(
    scope: string,
    retryAfterMs: number,
    refusal: 'system.rate_limited' | 'verification.too_many_requests' = 'system.rate_limited',
  ): void {
    if (retryAfterMs === 0) return;
    this.refused.labels(scope).inc();
    throw new AppError(refusal, { retry_after_seconds: Math.ceil(retryAfterMs / 1000) });
  }
}
