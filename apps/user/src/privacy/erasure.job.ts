import { Injectable } from '@nestjs/common';
import type { Counter, Gauge } from 'prom-client';
import type { AuditStore } from '#audit';
import { DeletionReminderDue, UserErased } from '#contracts';
import { Database, fromSqlTime, isoTime, sqlTime } from '#database';
import { UnitOfWork, type Clock } from '#messaging';
import { InjectClock, InjectSettings, JobRunner, Metrics } from '#service';
import { InjectAuditStore } from '../audit/audit-store.parts.js';
import type { UserSettings } from '../user.env.js';
import { CommunityMailbox } from '../verification/community-mailbox.source.js';
import { VerificationCleanupJob } from '../verification/verification-cleanup.job.js';
import { deletionReminderDays, dueDeletionReminder } from './deletion.rules.js';
import { deletionsDue, lockDeletion, type DeletionRow } from './deletion.store.js';
import { ErasureSteps } from './erasure.service.js';

const rowsPerRound = 100;
const dayMs = 86_400_000;
/** So long an erasure may take where all services run; whatever is later is late. */
const erasureTakesMs = 3_600_000;
const name = 'account-erasure';

/** Reminds of deletions, begins those that are due, ends them in the audit log (U-15). One replica works; each step is a row's state. */
@Injectable()
export class ErasureJob {
  private readonly erased: Counter;

  constructor(
    private readonly database: Database,
    private readonly unitOfWork: UnitOfWork,
    private readonly steps: ErasureSteps,
    private readonly cleanup: VerificationCleanupJob,
    private readonly mailbox: CommunityMailbox,
    @InjectAuditStore() private readonly audit: AuditStore,
    @InjectClock() private readonly clock: Clock,
    @InjectSettings() settings: UserSettings,
    jobs: JobRunner,
    metrics: Metrics,
  ) {
    jobs.add({
      name,
      everyMs: settings.ERASURE_INTERVAL_MS,
      lock: 'kept',
      complaint: 'erasures could not go on, they will be tried again',
      round: () => this.round(),
    });
    this.erased = metrics.counter('coser_users_erased_total', 'Accounts erased in every service');
    this.erased.inc(0);
    metrics.gauge(
      'coser_erasures_unfinished',
      'Erasures that have begun and wait for a service or the audit log',
      (gauge) => this.countInto(gauge, "state IN ('erasing', 'erased')", []),
    );
    metrics.gauge('coser_erasures_overdue', 'Members whose data should have been erased an hour ago', (gauge) => {
      const expected = sqlTime(new Date(this.clock.now().getTime() - erasureTakesMs));
      return this.countInto(gauge, "state IN ('pending', 'erasing', 'erased') AND due_at < ?", [expected]);
    });
  }

  private async round(): Promise<void> {
    const now = this.clock.now();
    const due = await this.find('pending', now);
    // Wrong tries name addresses, and are forgotten after days: longer than the grace has lasted.
    if (due.length > 0) await this.cleanup.round();
    for (const { user_id } of due) {
      await this.forgetMails(user_id);
      await this.unitOfWork.runAs(name, (context) => this.steps.begin(context, user_id));
    }
    for (const { user_id } of await this.find('erased', now)) await this.finish(user_id);
    const soon = new Date(now.getTime() + Math.max(...deletionReminderDays) * dayMs);
    for (const row of await this.find('pending', soon)) await this.remind(row.user_id);
  }

  /** The embedded mailbox keeps mails as files. A real mailbox is its provider's. */
  private async forgetMails(userId: number): Promise<void> {
    const rows = await this.database.reader.query<{ email: string }>(
      `SELECT DISTINCT email FROM email_verifications WHERE user_id = ? LIMIT ${rowsPerRound}`,
      [userId],
    );
    await this.mailbox.embedded?.forget(rows.map(({ email }) => email));
  }

  private find(state: DeletionRow['state'], until: Date): Promise<DeletionRow[]> {
    return deletionsDue(this.database.reader, state, until, rowsPerRound);
  }

  /** The audit log is no table of ours: it is changed first and noted then; a crash in between changes it again, to the same. */
  private async finish(userId: number): Promise<void> {
    await this.audit.pseudonymise(userId);
    await this.unitOfWork.runAs(name, async (context) => {
      const { affected } = await context.tx.execute(
        "UPDATE deletion_requests SET state = 'done', finished_at = ? WHERE user_id = ? AND state = 'erased'",
        [sqlTime(context.now), userId],
      );
      if (affected === 0) return;
      context.emit(UserErased, { user_id: userId }, { user_id: userId, after: { erasure: 'done' } });
      context.tx.afterCommit(() => this.erased.inc());
    });
  }

  private async remind(userId: number): Promise<void> {
    await this.unitOfWork.runAs(name, async (context) => {
      const { tx, now } = context;
      const row = await lockDeletion(tx, userId);
      if (row?.state !== 'pending') return;
      const days = dueDeletionReminder(fromSqlTime(row.due_at), row.reminded_days, now);
      if (days === null) return;
      await tx.execute('UPDATE deletion_requests SET reminded_days = ? WHERE user_id = ?', [days, userId]);
      context.emit(
        DeletionReminderDue,
        { user_id: userId, days_left: days, due_at: isoTime(row.due_at) },
        { user_id: userId, after: { reminded_days: days } },
      );
    });
  }

  /** A database that is away must not look like nothing to do. */
  private async countInto(gauge: Gauge, where: string, values: readonly string[]): Promise<void> {
    const total = this.database.reader.count(`deletion_requests WHERE ${where}`, values);
    gauge.set(await total.catch(() => Number.NaN));
  }
}
