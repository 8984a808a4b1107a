import { Injectable } from '@nestjs/common';
import type { Counter } from 'prom-client';
import { MembershipReminderDue, reminderKinds } from '#contracts';
import { Database, fromSqlTime, isDuplicateKey, sqlTime, type SqlTime } from '#database';
import { UnitOfWork, type Clock } from '#messaging';
import { inGoodStanding, InjectClock, InjectSettings, JobRunner, Metrics } from '#service';
import type { EntitlementSettings } from '../entitlement.env.js';
import { reminderWindows, type ReminderKind, type ReminderWindow } from './reminder.rules.js';

interface DueRow {
  user_id: number;
  kind: 'trial' | 'formal' | 'permanent';
  expires_at: SqlTime;
}

const rowsPerRound = 200;
const roundsAtMost = 50;

/** Says before and at the end of a membership that it ends (U-06). It tells; whether a membership has ended is the clock's matter. */
@Injectable()
export class ReminderJob {
  private readonly reminded: Counter<'kind'>;

  constructor(
    private readonly database: Database,
    private readonly unitOfWork: UnitOfWork,
    @InjectClock() private readonly clock: Clock,
    @InjectSettings() settings: EntitlementSettings,
    jobs: JobRunner,
    metrics: Metrics,
  ) {
    jobs.add({
      name: 'membership-reminders',
      everyMs: settings.REMINDER_INTERVAL_MS,
      lock: 'kept',
      complaint: 'reminders could not be sent, they will be tried again',
      round: () => this.round(),
    });
    this.reminded = metrics.counter(
      'coser_membership_reminders_total',
      'Reminders of a membership that ends, by kind',
      ['kind'],
    );
    // A series that is there from the start shows 0 instead of nothing.
    for (const kind of reminderKinds) this.reminded.labels(kind).inc(0);
  }

  /** One replica works; should two overlap, the primary key of the reminders lets each through once. */
  private async round(): Promise<void> {
    for (const window of reminderWindows(this.clock.now())) await this.remindAll(window);
  }

  private async remindAll(window: ReminderWindow): Promise<void> {
    for (let round = 0; round < roundsAtMost; round += 1) {
      const due = await this.findDue(window);
      for (const row of due) await this.remind(window.kind, row);
      if (due.length < rowsPerRound) return;
    }
  }

  /** Nobody is reminded who may not renew (U-01). */
  private findDue({ kind, after, until }: ReminderWindow): Promise<DueRow[]> {
    return this.database.reader.query<DueRow>(
      `SELECT m.user_id, m.kind, m.expires_at FROM memberships m
       LEFT JOIN membership_reminders r ON r.user_id = m.user_id AND r.expires_at = m.expires_at AND r.kind = ?
       WHERE m.expires_at > ? AND m.expires_at <= ? AND r.user_id IS NULL
       AND ${inGoodStanding('m.user_id')} ORDER BY m.expires_at LIMIT ${rowsPerRound}`,
      [kind, sqlTime(after), sqlTime(until)],
    );
  }

  private async remind(kind: ReminderKind, row: DueRow): Promise<void> {
    try {
      await this.unitOfWork.runAs('membership-reminders', async (context) => {
        const { tx, now } = context;
        const current = await tx.one<{ expires_at: SqlTime | null }>(
          `SELECT expires_at FROM memberships WHERE user_id = ?${tx.lock}`,
          [row.user_id],
        );
        // Renewed meanwhile: the new end has reminders of its own.
        if (current?.expires_at !== row.expires_at) return;
        const key = { user_id: row.user_id, expires_at: row.expires_at, kind };
        await tx.insert('membership_reminders', { ...key, created_at: sqlTime(now) });
        const expiresAt = fromSqlTime(row.expires_at).toISOString();
        context.emit(
          MembershipReminderDue,
          { user_id: row.user_id, kind, membership_kind: row.kind, expires_at: expiresAt },
          { user_id: row.user_id, after: { reminded: kind, expires_at: expiresAt } },
        );
        tx.afterCommit(() => this.reminded.labels(kind).inc());
      });
    } catch (error) {
      if (!isDuplicateKey(error)) throw error;
    }
  }
}
