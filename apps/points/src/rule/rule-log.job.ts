import { Injectable } from '@nestjs/common';
import { dryRunDaysAtMost } from '#contracts';
import { Database, sqlTime, type Tx } from '#database';
import type { Clock } from '#messaging';
import { InjectClock, InjectSettings, JobRunner } from '#service';
import type { PointsSettings } from '../points.env.js';

/** A day longer than a dry run may look back, so that one over all of it can be complete. */
const keptDays = dryRunDaysAtMost + 1;
const dayMs = 86_400_000;
const rowsPerStep = 500;
const stepsAtMost = 400;

/** Keeps the log of events short (P-06): so many days, and so many rows at most. Rewards stay, for they are the rule "once". */
@Injectable()
export class RuleLogJob {
  constructor(
    private readonly database: Database,
    @InjectClock() private readonly clock: Clock,
    @InjectSettings() private readonly settings: PointsSettings,
    jobs: JobRunner,
  ) {
    jobs.add({
      name: 'rule-log',
      everyMs: settings.RULE_LOG_CLEANUP_INTERVAL_MS,
      lock: 'kept',
      complaint: 'the log of events could not be shortened',
      round: () => this.round(),
    });
  }

  private async round(): Promise<void> {
    const before = sqlTime(new Date(this.clock.now().getTime() - keptDays * dayMs));
    const cut = await this.cutOff();
    const until = cut !== null && cut > before ? cut : before;
    await this.inSteps((tx) =>
      tx.execute(
        `DELETE FROM rule_events WHERE event_id IN
        (SELECT event_id FROM (SELECT event_id FROM rule_events WHERE occurred_at < ? LIMIT ${rowsPerStep}) old)`,
        [until],
      ),
    );
    await this.inSteps((tx) =>
      tx.execute(
        `DELETE FROM rule_outcomes WHERE outcome <> 'rewarded' AND event_id IN
        (SELECT event_id FROM (SELECT event_id FROM rule_outcomes WHERE outcome <> 'rewarded' AND occurred_at < ?
         LIMIT ${rowsPerStep}) old)`,
        [until],
      ),
    );
  }

  /** The time before which events are too many. */
  private async cutOff(): Promise<string | null> {
    const row = await this.database.reader.one<{ occurred_at: string }>(
      `SELECT occurred_at FROM rule_events ORDER BY occurred_at DESC LIMIT 1 OFFSET ${this.settings.RULE_LOG_ROWS_AT_MOST}`,
    );
    return row?.occurred_at ?? null;
  }

  private async inSteps(step: (tx: Tx) => Promise<{ affected: number }>): Promise<void> {
    for (let done = 0; done < stepsAtMost; done += 1) {
      const { affected } = await this.database.transaction(step);
      if (affected === 0) return;
    }
  }
}
