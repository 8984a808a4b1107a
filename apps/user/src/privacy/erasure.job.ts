import { Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import type { Counter, Gauge } from 'prom-client';
import type { AuditStore } from '#audit';
import { DeletionReminderDue, UserErased } from '#contracts';
import { Database, fromSqlTime, isoTime, sqlTime, type NamedLock } from '#database';
import { UnitOfWork, type Clock } from '#messaging';
import { InjectClock, InjectLogger, InjectSettings, Metrics, type Logger } from '#service';
import { InjectAuditStore } from '../audit/audit-store.parts.js';
import type { UserSettings } from '../user.env.js';
import { CommunityMailbox } from '../verification/community-mailbox.source.js';
import { VerificationCleanupJob } from '../verification/verification-cleanup.job.js';
import { deletionReminderDays, dueDeletionReminder } from './deletion.rules.js';
import type { DeletionRow } from './deletion.store.js';
import { ErasureSteps } from './erasure.service.js';

const rowsPerRound = 100;
const dayMs = 86_400_000;
const name = 'account-erasure';

/** Reminds of deletions, begins those that are due, ends them in the audit log (U-15). One replica works; each step is a row's state. */
@Injectable()
export class ErasureJob implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private timer: NodeJS.Timeout | null = null;
  private running: Promise<void> | null = null;
  private lock: NamedLock | null = null;
  private readonly erased: Counter;

  constructor(
    private readonly database: Database,
    private readonly unitOfWork: UnitOfWork,
    private readonly steps: ErasureSteps,
    private readonly cleanup: VerificationCleanupJob,
    private readonly mailbox: CommunityMailbox,
    @InjectAuditStore() private readonly audit: AuditStore,
    @InjectClock() private readonly clock: Clock,
    @InjectLogger() private readonly logger: Logger,
    @InjectSettings() private readonly settings: UserSettings,
    metrics: Metrics,
  ) {
    this.erased = metrics.counter('coser_users_erased_total', 'Accounts erased in every service');
    this.erased.inc(0);
    metrics.gauge(
      'coser_erasures_unfinished',
      'Erasures that have begun and wait for a service or the audit log',
      (gauge) => this.countUnfinished(gauge),
    );
  }

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => this.tick(), this.settings.ERASURE_INTERVAL_MS);
  }

  async beforeApplicationShutdown(): Promise<void> {
    if (this.timer) clearInterval(this.timer);
    await this.running;
    await this.lock?.release();
  }

  private tick(): void {
    this.running ??= this.round()
      .catch((error: unknown) => this.logger.warn({ error }, 'erasures could not go on, they will be tried again'))
      .finally(() => (this.running = null));
  }

  private async round(): Promise<void> {
    if (this.lock && !(await this.lock.isHeld())) {
      await this.lock.release();
      this.lock = null;
    }
    this.lock ??= await this.database.acquireLock(name);
    if (!this.lock) return;
    const now = this.clock.now();
    const due = await this.find("state = 'pending' AND due_at <= ?", now);
    // Wrong tries name addresses, and are forgotten after days: longer than the grace has lasted.
    if (due.length > 0) await this.cleanup.round();
    for (const { user_id } of due) {
      await this.forgetMails(user_id);
      await this.unitOfWork.runAs(name, (context) => this.steps.begin(context, user_id));
    }
    for (const { user_id } of await this.find("state = 'erased' AND due_at <= ?", now)) await this.finish(user_id);
    const soon = new Date(now.getTime() + Math.max(...deletionReminderDays) * dayMs);
    for (const row of await this.find("state = 'pending' AND due_at <= ?", soon)) await this.remind(row.user_id);
  }

  /** The embedded mailbox keeps mails as files. A real mailbox is its provider's. */
  private async forgetMails(userId: number): Promise<void> {
    const rows = await this.database.reader.query<{ email: string }>(
      `SELECT DISTINCT email FROM email_verifications WHERE user_id = ? LIMIT ${rowsPerRound}`,
      [userId],
    );
    await this.mailbox.embedded?.forget(rows.map(({ email }) => email));
  }

  private find(where: string, until: Date): Promise<DeletionRow[]> {
    return this.database.reader.query<DeletionRow>(
      `SELECT user_id, state, requested_at, due_at, reminded_days FROM deletion_requests
       WHERE ${where} ORDER BY due_at LIMIT ${rowsPerRound}`,
      [sqlTime(until)],
    );
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
    });
    this.erased.inc();
  }

  private async remind(userId: number): Promise<void> {
    await this.unitOfWork.runAs(name, async (context) => {
      const { tx, now } = context;
      const row = await tx.one<DeletionRow>(
        `SELECT user_id, state, requested_at, due_at, reminded_days FROM deletion_requests WHERE user_id = ?${tx.lock}`,
        [userId],
      );
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

  private async countUnfinished(gauge: Gauge): Promise<void> {
    const row = await this.database.reader
      .one<{ total: number | string }>(
        "SELECT COUNT(*) AS total FROM deletion_requests WHERE state IN ('erasing', 'erased')",
      )
      .catch(() => undefined);
    if (row) gauge.set(Number(row.total));
  }
}
