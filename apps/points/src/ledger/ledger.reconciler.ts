import { Injectable } from '@nestjs/common';
import { Database } from '#database';
import { Metrics } from '#service';

const askAgainAfterMs = 60_000;

/** Compares every balance with the sum of its records; the number of accounts that differ must be 0, always (P-01). */
@Injectable()
export class LedgerReconciler {
  private differing = 0;
  private askedAt = 0;

  constructor(
    private readonly database: Database,
    metrics: Metrics,
  ) {
    metrics.gauge(
      'coser_points_ledger_imbalance',
      'Accounts whose balance is not the sum of their records',
      async (gauge) => {
        gauge.set(await this.cachedImbalance());
      },
    );
  }

  /** The accounts whose books are wrong, at most `limit`. */
  async imbalances(limit: number): Promise<{ user_id: number; balance: number; sum: number }[]> {
    const rows = await this.database.reader.query<{ user_id: number; balance: number; total: number | string }>(
      `SELECT a.user_id, a.balance, COALESCE(r.total, 0) AS total FROM point_accounts a
       LEFT JOIN (SELECT user_id, SUM(points) AS total FROM point_records GROUP BY user_id) r ON r.user_id = a.user_id
       WHERE a.balance <> COALESCE(r.total, 0) LIMIT ${Math.trunc(limit)}`,
    );
    return rows.map(({ user_id, balance, total }) => ({ user_id, balance, sum: Number(total) }));
  }

  /** A scrape must not cost a table scan each time. */
  private async cachedImbalance(): Promise<number> {
    if (Date.now() - this.askedAt > askAgainAfterMs) {
      this.askedAt = Date.now();
      // A check that failed must not look like books that are right.
      this.differing = await this.imbalances(1000).then(
        (found) => found.length,
        () => Number.NaN,
      );
    }
    return this.differing;
  }
}
