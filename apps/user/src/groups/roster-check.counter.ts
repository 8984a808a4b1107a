import { Injectable } from '@nestjs/common';
import type { Gauge } from 'prom-client';
import { Database, fromSqlTime, placeholders, type SqlTime } from '#database';
import type { Clock } from '#messaging';
import { InjectClock, Metrics } from '#service';
import { askedAs } from './roster-check.rules.js';

/** Of the rows that are due first, so many are looked at: the first ones may be of groups in which nobody can ask. */
const rowsLookedAt = 200;

/** How far behind the checks of rosters are (U-12). */
@Injectable()
export class RosterCheckGauge {
  constructor(
    private readonly database: Database,
    @InjectClock() private readonly clock: Clock,
    metrics: Metrics,
  ) {
    metrics.gauge(
      'coser_roster_check_age_seconds',
      'For how long Telegram has not replied about the member of a roster whose turn is next',
      (gauge) => this.measure(gauge),
    );
  }

  private async measure(gauge: Gauge): Promise<void> {
    const row = await this.database.reader
      .one<{ since: SqlTime | null }>(
        `SELECT MIN(COALESCE(m.checked_at, m.first_seen_at)) AS since FROM (
           SELECT group_id, checked_at, first_seen_at FROM chat_members ORDER BY check_due_at LIMIT ${rowsLookedAt}
         ) m JOIN chat_groups g ON g.id = m.group_id AND (g.bot_status IS NULL OR g.bot_status IN (${placeholders(askedAs.length)}))`,
        [...askedAs],
      )
      .catch(() => undefined);
    if (!row) return;
    const ageMs = row.since === null ? 0 : this.clock.now().getTime() - fromSqlTime(row.since).getTime();
    gauge.set(Math.max(0, ageMs) / 1_000);
  }
}
