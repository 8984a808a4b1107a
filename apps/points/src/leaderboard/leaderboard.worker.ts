import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { ScoreSets } from '#cache';
import { boardMetrics, boardPeriods, LeaderboardsRebuilt } from '#contracts';
import { Database, fromSqlTime, sqlTime, type SqlTime } from '#database';
import { UnitOfWork, type Clock } from '#messaging';
import { InjectClock, InjectLogger, InjectScoreSets, InjectSettings, Metrics, type Logger } from '#service';
import { communityDay } from '#calendar';
import type { PointsSettings } from '../points.env.js';
import { scoreWindow, type ScoreWindow } from './leaderboard-score.store.js';
import { LeaderboardStateStore } from './leaderboard-state.store.js';
import { currentPeriods, type CurrentPeriods } from './leaderboard.rules.js';
import { LeaderboardWriter } from './leaderboard.writer.js';

const membersPerBatch = 200;
const batchesPerRound = 500;
/** While boards are made anew so many batches are on their way: one alone waits for the database most of the time. */
const batchesAtOnce = 4;
/** Longer than a transaction lives: what is committed late carries an earlier time. */
const overlapMs = 15_000;
const membersRemembered = 50_000;
/** A member's row has no version: within its millisecond it may change again, and is written again while it could. */
const settledAfterMs = 1_000;

interface ChangedRow {
  user_id: number;
  version: number | null;
  touched_at: SqlTime;
}

/**
 * Brings the boards up to date with the accounts that changed, and makes them anew where they are lost, where an admin asks for
 * it, and once when the platform first starts. Everything it writes is absolute, so that doing it twice is doing it once.
 */
@Injectable()
export class LeaderboardKeeper {
  private stopped = false;
  /** What was put on the boards last: rows seen again in the overlap are left out. */
  private readonly written = new Map<string, string>();
  private periods: CurrentPeriods | null = null;
  private caughtUp: Date | null = null;

  constructor(
    private readonly database: Database,
    private readonly unitOfWork: UnitOfWork,
    private readonly state: LeaderboardStateStore,
    private readonly writer: LeaderboardWriter,
    @InjectScoreSets() private readonly sets: ScoreSets,
    @InjectClock() private readonly clock: Clock,
    @InjectLogger() private readonly logger: Logger,
    @InjectSettings() private readonly settings: PointsSettings,
    metrics: Metrics,
  ) {
    metrics.gauge('coser_leaderboard_lag_seconds', 'How far the boards are behind the accounts', (gauge) => {
      if (this.caughtUp) gauge.set(Math.max(0, (this.clock.now().getTime() - this.caughtUp.getTime()) / 1000));
    });
  }

  stop(): void {
    this.stopped = true;
  }

  /** One round. Resolves with the valid generation, or null when there is none yet. */
  async keepUp(now: Date): Promise<string | null> {
    const { generation, caughtUpAt, isRebuildWanted } = await this.state.read();
    const periods = currentPeriods(communityDay(now, this.settings.COMMUNITY_TIMEZONE));
    const isLost = generation === null || (await this.sets.size(markOf(generation))) === 0;
    if (isLost || isRebuildWanted || caughtUpAt === null) return this.rebuild(now, periods, generation);
    await this.dropEndedPeriods(generation, periods);
    const window = await scoreWindow(this.database.reader, periods, this.settings.COMMUNITY_TIMEZONE);
    const until = await this.catchUp(generation, window, new Date(caughtUpAt.getTime() - overlapMs), now);
    await this.database.transaction((tx) =>
      tx.execute('UPDATE leaderboard_state SET caught_up_at = ? WHERE id = 1 AND generation = ?', [
        sqlTime(until),
        generation,
      ]),
    );
    this.caughtUp = until;
    return generation;
  }

  private async catchUp(generation: string, window: ScoreWindow, since: Date, now: Date): Promise<Date> {
    let from = since;
    for (let batch = 0; batch < batchesPerRound && !this.stopped; batch += 1) {
      const rows = await this.changedSince(from);
      const fresh = rows.filter((row) => this.written.get(nameOfRow(row)) !== row.touched_at);
      const userIds = [...new Set(fresh.map(({ user_id }) => user_id))];
      await this.writer.write(generation, window, userIds);
      if (this.written.size > membersRemembered) this.written.clear();
      const settledAt = sqlTime(new Date(now.getTime() - settledAfterMs));
      for (const row of fresh) {
        if (row.version !== null || row.touched_at < settledAt) this.written.set(nameOfRow(row), row.touched_at);
      }
      const last = rows.at(-1);
      if (rows.length < membersPerBatch || !last) return now;
      const lastAt = fromSqlTime(last.touched_at);
      // A whole batch within one millisecond: the rest of it shares its time and is taken with the overlap.
      from = lastAt > from ? lastAt : new Date(lastAt.getTime() + 1);
    }
    return from;
  }

  /** Accounts that were posted to, and members of whom something else became known, in the order of time. */
  private async changedSince(from: Date): Promise<ChangedRow[]> {
    const at = sqlTime(from);
    const { reader } = this.database;
    const accounts = await reader.query<ChangedRow>(
      `SELECT user_id, version, updated_at AS touched_at FROM point_accounts WHERE updated_at >= ?
       ORDER BY updated_at LIMIT ${membersPerBatch}`,
      [at],
    );
    const members = await reader.query<ChangedRow>(
      `SELECT user_id, NULL AS version, touched_at FROM leaderboard_members WHERE touched_at >= ?
       ORDER BY touched_at LIMIT ${membersPerBatch}`,
      [at],
    );
    return [...accounts, ...members]
      .sort((left, right) => (left.touched_at < right.touched_at ? -1 : 1))
      .slice(0, membersPerBatch);
  }

  private async rebuild(now: Date, periods: CurrentPeriods, previous: string | null): Promise<string | null> {
    const startedAt = performance.now();
    const generation = randomUUID();
    const window = await scoreWindow(this.database.reader, periods, this.settings.COMMUNITY_TIMEZONE);
    let last = 0;
    let members = 0;
    for (;;) {
      const rows = await this.database.reader.query<{ user_id: number }>(
        `SELECT user_id FROM leaderboard_members WHERE user_id > ? ORDER BY user_id LIMIT ${membersPerBatch * batchesAtOnce}`,
        [last],
      );
      const end = rows.at(-1);
      if (!end || this.stopped) break;
      const userIds = rows.map(({ user_id }) => user_id);
      const batches = Array.from({ length: batchesAtOnce }, (_, index) =>
        userIds.slice(index * membersPerBatch, (index + 1) * membersPerBatch),
      );
      await Promise.all(batches.map((batch) => this.writer.write(generation, window, batch)));
      members += userIds.length;
      last = end.user_id;
    }
    if (this.stopped) return null;
    const seconds = Math.round(performance.now() - startedAt) / 1000;
    await this.sets.put([{ set: markOf(generation), member: 1, score: 1 }]);
    await this.declareValid(generation, now, { members, seconds });
    if (previous !== null) await this.sets.drop(`${previous}:`);
    this.written.clear();
    this.periods = periods;
    this.logger.info({ members, seconds }, 'leaderboards were made anew');
    return generation;
  }

  private declareValid(generation: string, now: Date, facts: { members: number; seconds: number }): Promise<void> {
    return this.unitOfWork.runAs('leaderboards', async ({ tx, emit }) => {
      await tx.execute('UPDATE leaderboard_state SET generation = ?, caught_up_at = ?, rebuilt_at = ? WHERE id = 1', [
        generation,
        sqlTime(now),
        sqlTime(now),
      ]);
      emit(LeaderboardsRebuilt, { generation, ...facts });
    });
  }

  /** A day, week or month that is over: its boards live on in the hourly records. */
  private async dropEndedPeriods(generation: string, periods: CurrentPeriods): Promise<void> {
    const before = this.periods;
    if (before) {
      for (const period of boardPeriods) {
        if (before.names[period] === periods.names[period]) continue;
        for (const metric of boardMetrics) await this.sets.drop(`${generation}:${metric}:${before.names[period]}:`);
      }
    }
    this.periods = periods;
  }
}

/** A set that is there as long as its generation is. */
function markOf(generation: string): string {
  return `${generation}:mark`;
}

/** One posting within the millisecond of another is told apart by the account's version. */
function nameOfRow({ user_id, version }: ChangedRow): string {
  return `${user_id}:${version ?? 'member'}`;
}
