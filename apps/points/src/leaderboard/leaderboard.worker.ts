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
import { LeaderboardStateStore, type LeaderboardState } from './leaderboard-state.store.js';
import { currentPeriods, markOf, type CurrentPeriods } from './leaderboard.rules.js';
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

const accountsSince = `SELECT user_id, version, updated_at AS touched_at FROM point_accounts
  WHERE updated_at >= ? AND (updated_at > ? OR user_id > ?) ORDER BY updated_at, user_id LIMIT ${membersPerBatch}`;
const membersSince = `SELECT user_id, NULL AS version, touched_at FROM leaderboard_members
  WHERE touched_at >= ? AND (touched_at > ? OR user_id > ?) ORDER BY touched_at, user_id LIMIT ${membersPerBatch}`;

/**
 * Brings the boards up to date with the accounts that changed, and makes them anew where they are lost, where an admin asks for
 * it, and once when the platform first starts. Everything it writes is absolute, so that doing it twice is doing it once.
 */
@Injectable()
export class LeaderboardKeeper {
  private stopped = false;
  /** What was put on the boards last: rows seen again in the overlap are left out. */
  private readonly written = new Map<string, string>();
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
    const { generation, caughtUpAt, rebuildRequestedAt, leftover } = await this.state.read();
    if (leftover !== null) await this.takeAway(leftover);
    const periods = this.periodsAt(now);
    const isLost = generation === null || (await this.sets.size(markOf(generation))) === 0;
    if (isLost || rebuildRequestedAt !== null || caughtUpAt === null)
      return this.rebuild(now, periods, { generation, rebuildRequestedAt });
    await this.dropEndedPeriods(generation, this.periodsAt(caughtUpAt), periods);
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

  /** Accounts that were posted to, then members of whom something else became known. Resolves with how far it came. */
  private async catchUp(generation: string, window: ScoreWindow, since: Date, now: Date): Promise<Date> {
    const settledAt = sqlTime(new Date(now.getTime() - settledAfterMs));
    let until = now;
    for (const source of [accountsSince, membersSince]) {
      const end = await this.catchUpWith(source, since, now, async (rows) => {
        const fresh = rows.filter((row) => this.written.get(nameOfRow(row)) !== row.touched_at);
        await this.writer.write(
          generation,
          window,
          fresh.map(({ user_id }) => user_id),
        );
        if (this.written.size > membersRemembered) this.written.clear();
        for (const row of fresh) {
          if (row.version !== null || row.touched_at < settledAt) this.written.set(nameOfRow(row), row.touched_at);
        }
      });
      if (end < until) until = end;
    }
    return until;
  }

  /** Pages by time and member: however many were touched within one millisecond, none is passed over. */
  private async catchUpWith(
    sql: string,
    since: Date,
    now: Date,
    write: (rows: readonly ChangedRow[]) => Promise<void>,
  ): Promise<Date> {
    let [at, userId] = [sqlTime(since), 0];
    for (let batch = 0; batch < batchesPerRound && !this.stopped; batch += 1) {
      const rows = await this.database.reader.query<ChangedRow>(sql, [at, at, userId]);
      await write(rows);
      const last = rows.at(-1);
      if (rows.length < membersPerBatch || !last) return now;
      [at, userId] = [last.touched_at, last.user_id];
    }
    return fromSqlTime(at);
  }

  private async rebuild(
    now: Date,
    periods: CurrentPeriods,
    { generation: previous, rebuildRequestedAt }: Pick<LeaderboardState, 'generation' | 'rebuildRequestedAt'>,
  ): Promise<string | null> {
    const startedAt = performance.now();
    const generation = randomUUID();
    // Known before it is there: wherever this ends, its sets are found.
    await this.database.transaction((tx) =>
      tx.execute('UPDATE leaderboard_state SET leftover = ? WHERE id = 1', [generation]),
    );
    await this.sets.put([{ set: markOf(generation), member: 1, score: 1 }]);
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
    // Lost while they were made: half of them is gone, and nobody could tell.
    if ((await this.sets.size(markOf(generation))) === 0) return null;
    await this.declareValid({ generation, previous, rebuildRequestedAt }, now, { members, seconds });
    if (previous !== null) await this.takeAway(previous);
    this.written.clear();
    this.logger.info({ members, seconds }, 'leaderboards were made anew');
    return generation;
  }

  private async takeAway(generation: string): Promise<void> {
    await this.sets.drop(`${generation}:`);
    await this.database.transaction((tx) =>
      tx.execute('UPDATE leaderboard_state SET leftover = NULL WHERE id = 1 AND leftover = ?', [generation]),
    );
  }

  /** The request that was read is met; one that came while the boards were made is not, whatever the clocks say. */
  private declareValid(
    made: { generation: string; previous: string | null; rebuildRequestedAt: SqlTime | null },
    now: Date,
    facts: { members: number; seconds: number },
  ): Promise<void> {
    return this.unitOfWork.runAs('leaderboards', async ({ tx, emit }) => {
      await tx.execute('UPDATE leaderboard_state SET generation = ?, leftover = ?, caught_up_at = ? WHERE id = 1', [
        made.generation,
        made.previous,
        sqlTime(now),
      ]);
      if (made.rebuildRequestedAt !== null)
        await tx.execute(
          'UPDATE leaderboard_state SET rebuild_requested_at = NULL WHERE id = 1 AND rebuild_requested_at = ?',
          [made.rebuildRequestedAt],
        );
      emit(LeaderboardsRebuilt, { generation: made.generation, ...facts });
    });
  }

  private periodsAt(moment: Date): CurrentPeriods {
    return currentPeriods(communityDay(moment, this.settings.COMMUNITY_TIMEZONE));
  }

  /**
   * A day, week or month that is over: its boards live on in the hourly records. What was touched after midnight may have been put
   * onto the old boards by the round that midnight fell into, and belongs onto the new ones.
   */
  private async dropEndedPeriods(generation: string, before: CurrentPeriods, now: CurrentPeriods): Promise<void> {
    const ended = boardPeriods.filter((period) => before.names[period] !== now.names[period]);
    if (ended.length > 0) this.written.clear();
    for (const period of ended) {
      for (const metric of boardMetrics) await this.sets.drop(`${generation}:${metric}:${before.names[period]}:`);
    }
  }
}

/** One posting within the millisecond of another is told apart by the account's version. */
function nameOfRow({ user_id, version }: ChangedRow): string {
  return `${user_id}:${version ?? 'member'}`;
}
