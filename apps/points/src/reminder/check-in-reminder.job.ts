import { Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import type { Counter } from 'prom-client';
import { CheckInReminderDue } from '#contracts';
import { Database, fromSqlTime, sqlTime, type NamedLock, type SqlTime } from '#database';
import { UnitOfWork, type Clock, type CommandContext } from '#messaging';
import { InjectClock, InjectLogger, InjectSettings, Metrics, readStanding, type Logger } from '#service';
import { aliveStreak } from '../check-in/check-in.rules.js';
import { communityDay, communityDayEnd } from '#calendar';
import { momentOf, protectedBetween, readMember, stateOf } from '../check-in/member.store.js';
import type { PointsSettings } from '../points.env.js';
import { isWorthReminding, nextReminderAt } from './check-in-reminder.rules.js';

interface DueRow {
  user_id: number;
  remind_at: string;
  timezone: string;
  next_at: SqlTime | null;
}

const rowsPerRound = 200;
const roundsAtMost = 50;
const outcomes = ['reminded', 'needless'] as const;

/** Reminds those who want it of today's check-in, at their own time and only while it is missing (U-11). */
@Injectable()
export class CheckInReminderJob implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private timer: NodeJS.Timeout | null = null;
  private running: Promise<void> | null = null;
  private lock: NamedLock | null = null;
  private readonly reminders: Counter<'outcome'>;

  constructor(
    private readonly database: Database,
    private readonly unitOfWork: UnitOfWork,
    @InjectClock() private readonly clock: Clock,
    @InjectLogger() private readonly logger: Logger,
    @InjectSettings() private readonly settings: PointsSettings,
    metrics: Metrics,
  ) {
    const text = 'Reminders of the check-in that were due: sent, or needless by then';
    this.reminders = metrics.counter('coser_check_in_reminders_total', text, ['outcome']);
    for (const outcome of outcomes) this.reminders.labels(outcome).inc(0);
  }

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => this.tick(), this.settings.POINTS_JOB_INTERVAL_MS);
  }

  async beforeApplicationShutdown(): Promise<void> {
    if (this.timer) clearInterval(this.timer);
    await this.running;
    await this.lock?.release();
  }

  private tick(): void {
    this.running ??= this.round()
      .catch((error: unknown) => this.logger.warn({ error }, 'check-in reminders wait for the next round'))
      .finally(() => (this.running = null));
  }

  /** One replica works; should two overlap, the row's lock lets each reminder through once. */
  private async round(): Promise<void> {
    if (this.lock && !(await this.lock.isHeld())) {
      await this.lock.release();
      this.lock = null;
    }
    this.lock ??= await this.database.acquireLock('check-in-reminders');
    if (!this.lock) return;
    for (let round = 0; round < roundsAtMost; round += 1) {
      const due = await this.database.reader.query<{ user_id: number }>(
        `SELECT user_id FROM check_in_reminders WHERE next_at <= ? ORDER BY next_at LIMIT ${rowsPerRound}`,
        [sqlTime(this.clock.now())],
      );
      for (const { user_id } of due) await this.remind(user_id);
      if (due.length < rowsPerRound) return;
    }
  }

  private async remind(userId: number): Promise<void> {
    const outcome = await this.unitOfWork.runAs('check-in-reminders', async (context) => {
      const { tx, now } = context;
      const row = await tx.one<DueRow>(
        `SELECT user_id, remind_at, timezone, next_at FROM check_in_reminders WHERE user_id = ?${tx.lock}`,
        [userId],
      );
      if (!row || row.next_at === null || fromSqlTime(row.next_at) > now) return null;
      const next = nextReminderAt(now, { time: row.remind_at, timezone: row.timezone });
      await tx.execute('UPDATE check_in_reminders SET next_at = ? WHERE user_id = ?', [sqlTime(next), userId]);
      const isWorth = isWorthReminding(fromSqlTime(row.next_at), now, row.timezone);
      // Nobody is called to something that the account may not do now (U-01).
      const mayAnswer = isWorth && (await readStanding(tx, userId)) === 'active';
      return mayAnswer && (await this.tell(context, userId)) ? 'reminded' : 'needless';
    });
    if (outcome !== null) this.reminders.labels(outcome).inc();
  }

  /** False when the member has checked in already. */
  private async tell(context: CommandContext, userId: number): Promise<boolean> {
    const { tx, now } = context;
    const row = await readMember(tx, userId);
    const moment = momentOf(this.settings, row, now);
    const day = communityDay(now, moment.timezone);
    const state = stateOf(row);
    if (state.day !== null && state.day >= day) return false;
    const isProtected = state.day === null ? undefined : await protectedBetween(tx, state.day, day);
    const streakDays = aliveStreak(state, moment, isProtected);
    const endsAt = communityDayEnd(now, moment.timezone).toISOString();
    context.emit(
      CheckInReminderDue,
      { user_id: userId, day, streak_days: streakDays, day_ends_at: endsAt },
      { user_id: userId, after: { reminded_of: day } },
    );
    return true;
  }
}
