import { Injectable } from '@nestjs/common';
import { StreakRecounted } from '#contracts';
import { Database, fromSqlTime, sqlTime, type SqlTime } from '#database';
import { UnitOfWork, type Clock, type CommandContext } from '#messaging';
import { InjectClock, InjectSettings, JobRunner, Metrics } from '#service';
import type { Counter } from 'prom-client';
import { LedgerService } from '../ledger/ledger.service.js';
import type { PointsSettings } from '../points.env.js';
import { latestMarks, memberColumns, stateOf, type MemberRow } from './member.store.js';
import { marksAtMost, StreakWriter } from './streak.writer.js';

interface PendingAmnesty {
  id: number;
  from_day: string;
  declared_at: SqlTime;
  undone_at: SqlTime | null;
  pass_started_at: SqlTime | null;
  passed_until: number;
}

const membersPerRound = 200;
const roundsAtMost = 50;
/** Longer than any transaction lives: whoever checked in without seeing the amnesty is visible to a pass that begins after it. */
const settleMs = 60_000;

/** Counts the streaks of all members concerned anew after an amnesty was declared or undone, some at a time (P-02). */
@Injectable()
export class AmnestyJob {
  private readonly recounted: Counter;

  constructor(
    private readonly database: Database,
    private readonly unitOfWork: UnitOfWork,
    private readonly ledger: LedgerService,
    private readonly streaks: StreakWriter,
    @InjectClock() private readonly clock: Clock,
    @InjectSettings() settings: PointsSettings,
    jobs: JobRunner,
    metrics: Metrics,
  ) {
    jobs.add({
      name: 'amnesties',
      everyMs: settings.POINTS_JOB_INTERVAL_MS,
      lock: 'kept',
      complaint: 'an amnesty could not be applied, it will be tried again',
      round: () => this.round(),
    });
    this.recounted = metrics.counter('coser_streaks_recounted_total', 'Streaks that an amnesty or its undoing changed');
  }

  /** One replica works; a second one would find the same streaks right already. */
  private async round(): Promise<void> {
    for (let round = 0; round < roundsAtMost; round += 1) {
      const amnesty = await this.database.reader.one<PendingAmnesty>(
        `SELECT id, from_day, declared_at, undone_at, pass_started_at, passed_until FROM amnesties
         WHERE applied_at IS NULL ORDER BY id LIMIT 1`,
      );
      if (!amnesty || !(await this.step(amnesty))) return;
    }
  }

  /** The next members of a pass; false when there is nothing to do now. */
  private async step(amnesty: PendingAmnesty): Promise<boolean> {
    const now = this.clock.now();
    const startedAt = amnesty.pass_started_at === null ? now : fromSqlTime(amnesty.pass_started_at);
    const members = await this.database.reader.query<{ user_id: number }>(
      `SELECT user_id FROM point_accounts WHERE user_id > ? AND last_day >= ? ORDER BY user_id LIMIT ${membersPerRound}`,
      [amnesty.passed_until, amnesty.from_day],
    );
    let changed = 0;
    for (const { user_id } of members) changed += (await this.recount(amnesty.id, user_id)) ? 1 : 0;
    const isEnd = members.length < membersPerRound;
    const changedAt = fromSqlTime(amnesty.undone_at ?? amnesty.declared_at);
    const isDone = isEnd && startedAt.getTime() >= changedAt.getTime() + settleMs;
    await this.database.transaction((tx) =>
      tx.execute(
        `UPDATE amnesties SET passed_until = ?, pass_started_at = ?, applied_at = ?, members_changed = members_changed + ?
         WHERE id = ? AND (undone_at IS NULL) = ?`,
        [
          isEnd ? 0 : (members.at(-1)?.user_id ?? 0),
          isEnd ? null : sqlTime(startedAt),
          isDone ? sqlTime(now) : null,
          changed,
          amnesty.id,
          amnesty.undone_at === null ? 1 : 0,
        ],
      ),
    );
    return !isEnd;
  }

  private recount(amnestyId: number, userId: number): Promise<boolean> {
    return this.unitOfWork.runAs('amnesties', async (context: CommandContext) => {
      const { account, further } = await this.ledger.lockAccountWith<MemberRow>(context, userId, memberColumns);
      const marks = await latestMarks(context.tx, userId, marksAtMost);
      if (marks.length === 0) return false;
      const before = stateOf(further);
      const key = `amnesty:${amnestyId}:${userId}`;
      const { state, bonuses, cardsEarned, isChanged } = await this.streaks.recount(context, account, {
        marks,
        state: before,
        key,
      });
      if (!isChanged) return false;
      const bonusPoints = bonuses.reduce((sum, { points }) => sum + points, 0);
      context.emit(
        StreakRecounted,
        {
          user_id: userId,
          amnesty_id: amnestyId,
          streak_days: state.streakDays,
          bonus_points: bonusPoints,
          cards_earned: cardsEarned,
        },
        { user_id: userId, before: { streak_days: before.streakDays }, after: { streak_days: state.streakDays } },
      );
      context.tx.afterCommit(() => this.recounted.inc());
      return true;
    });
  }
}
