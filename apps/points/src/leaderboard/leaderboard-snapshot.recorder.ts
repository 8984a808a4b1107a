import { Injectable } from '@nestjs/common';
import type { Counter } from 'prom-client';
import type { ScoreSets } from '#cache';
import { boardMetrics, boardPeriods } from '#contracts';
import { Database, isDuplicateKey, placeholders, sqlTime } from '#database';
import { InjectScoreSets, InjectSettings, Metrics } from '#service';
import { communityDay } from '#calendar';
import type { PointsSettings } from '../points.env.js';
import { ranksOf } from './leaderboard-rank.rules.js';
import { LeaderboardStateStore } from './leaderboard-state.store.js';
import {
  cityScope,
  currentPeriods,
  fullHour,
  groupScope,
  markOf,
  provinceScope,
  setsOf,
  type BoardOfSet,
} from './leaderboard.rules.js';

const nationalRows = 100;
const placeRows = 20;
const placesAtMost = 500;
/** The nation, the provinces and cities, and the groups, each with every metric and period. */
const boardsAtMost = (1 + 2 * placesAtMost + placesAtMost) * boardMetrics.length * boardPeriods.length;
const dayMs = 86_400_000;
const keptDays = 40;
const removedPerStep = 5_000;
/** In all more rows than an hour can bring. */
const removalStepsAtMost = 100;

interface SnapshotTimes {
  readonly taken_at: string;
  readonly recorded_at: string;
}

/** Writes down, once an hour, who stands first on each board (P-08). */
@Injectable()
export class LeaderboardSnapshotRecorder {
  private recordedHour = 0;
  private readonly recorded: Counter;

  constructor(
    private readonly database: Database,
    private readonly state: LeaderboardStateStore,
    @InjectScoreSets() private readonly sets: ScoreSets,
    @InjectSettings() private readonly settings: PointsSettings,
    metrics: Metrics,
  ) {
    this.recorded = metrics.counter('coser_leaderboard_snapshots_total', 'Boards written down at full hours');
  }

  /**
   * Does nothing when the hour is recorded already, by whichever replica. Where somebody stopped in the middle of it, the boards that are
   * missing are written as they stand at `now`: an hour is whole, or over, or goes on in the next round.
   */
  async recordHour(generation: string, now: Date, stopping: AbortSignal): Promise<void> {
    const hour = fullHour(now);
    if (this.recordedHour === hour.getTime()) return;
    const { recordedHour } = await this.state.read();
    if ((recordedHour === null || recordedHour < hour) && !(await this.recordMissing(generation, hour, now, stopping)))
      return;
    await this.forgetOld(now, stopping);
    this.recordedHour = hour.getTime();
  }

  /** Resolves with whether every board of the hour is written down. */
  private async recordMissing(generation: string, hour: Date, now: Date, stopping: AbortSignal): Promise<boolean> {
    const times = { taken_at: sqlTime(hour), recorded_at: sqlTime(now) };
    const written = await this.writtenAt(times.taken_at);
    const periods = currentPeriods(communityDay(now, this.settings.COMMUNITY_TIMEZONE));
    for (const scope of ['national', ...(await this.places())]) {
      const count = scope === 'national' ? nationalRows : placeRows;
      for (const board of setsOf(generation, periods, [scope])) {
        if (stopping.aborted) return false;
        if (!written.has(board.name)) await this.record(board, times, count);
      }
    }
    // Boards that were lost meanwhile look like boards that nobody is on.
    if ((await this.sets.size(markOf(generation))) === 0) return false;
    await this.database.transaction((tx) =>
      tx.execute('UPDATE leaderboard_state SET recorded_hour = ? WHERE id = 1', [times.taken_at]),
    );
    return true;
  }

  /** A board is written in one transaction: it is there whole, or not at all. */
  private async writtenAt(takenAt: string): Promise<Set<string>> {
    const rows = await this.database.reader.query<{ board: string }>(
      `SELECT board FROM leaderboard_snapshots WHERE taken_at = ? AND position = 0 LIMIT ${boardsAtMost}`,
      [takenAt],
    );
    return new Set(rows.map(({ board }) => board));
  }

  private async record({ name, set }: BoardOfSet, times: SnapshotTimes, count: number): Promise<void> {
    const { members: top, size } = await this.sets.page(set, 0, count);
    if (top.length === 0) return;
    const ranks = ranksOf(top, 0, 0);
    const rows = top.map(({ member, score }, index) => ({
      board: name,
      ...times,
      position: index,
      rank_number: ranks[index] ?? index + 1,
      user_id: member,
      score,
      members: size,
    }));
    try {
      await this.database.transaction((tx) => tx.insert('leaderboard_snapshots', rows));
    } catch (error) {
      // Another replica was faster: its record is the hour's.
      if (isDuplicateKey(error)) return;
      throw error;
    }
    this.recorded.inc();
  }

  private async places(): Promise<string[]> {
    const { reader } = this.database;
    const regions = await reader.query<{ province: string; city: string | null }>(
      `SELECT DISTINCT province, city FROM leaderboard_members WHERE province IS NOT NULL AND is_shown = 1
       ORDER BY province, city LIMIT ${placesAtMost}`,
    );
    const groups = await reader.query<{ chat_id: string }>(
      `SELECT DISTINCT chat_id FROM leaderboard_groups WHERE is_in = 1 ORDER BY chat_id LIMIT ${placesAtMost}`,
    );
    const scopes = regions.flatMap(({ province, city }) => [
      provinceScope(province),
      ...(city === null ? [] : [cityScope(province, city)]),
    ]);
    return [...new Set([...scopes, ...groups.map(({ chat_id }) => groupScope(chat_id))])];
  }

  private async forgetOld(now: Date, stopping: AbortSignal): Promise<void> {
    const before = sqlTime(new Date(now.getTime() - keptDays * dayMs));
    for (let step = 0; step < removalStepsAtMost && !stopping.aborted; step += 1) {
      const rows = await this.database.reader.query<{ id: number }>(
        `SELECT id FROM leaderboard_snapshots WHERE taken_at < ? ORDER BY taken_at LIMIT ${removedPerStep}`,
        [before],
      );
      if (rows.length === 0) return;
      const ids = rows.map(({ id }) => id);
      await this.database.transaction((tx) =>
        tx.executeOnce(`DELETE FROM leaderboard_snapshots WHERE id IN (${placeholders(ids.length)})`, ids),
      );
    }
  }
}
