import { Injectable } from '@nestjs/common';
import type { Counter } from 'prom-client';
import type { ScoreSets } from '#cache';
import { Database, placeholders, sqlTime } from '#database';
import { InjectScoreSets, InjectSettings, Metrics } from '#service';
import { communityDay } from '#calendar';
import type { PointsSettings } from '../points.env.js';
import { ranksOf } from './leaderboard-rank.rules.js';
import { cityScope, currentPeriods, fullHour, groupScope, provinceScope, setsOf } from './leaderboard.rules.js';

const nationalRows = 100;
const placeRows = 20;
const placesAtMost = 500;
const dayMs = 86_400_000;
const keptDays = 40;
const removedPerHour = 5_000;

/** Writes down, once an hour, who stands first on each board (P-08). */
@Injectable()
export class LeaderboardSnapshotRecorder {
  private recordedHour = 0;
  private readonly recorded: Counter;

  constructor(
    private readonly database: Database,
    @InjectScoreSets() private readonly sets: ScoreSets,
    @InjectSettings() private readonly settings: PointsSettings,
    metrics: Metrics,
  ) {
    this.recorded = metrics.counter('coser_leaderboard_snapshots_total', 'Boards written down at full hours');
  }

  /** Does nothing when the hour is recorded already, by whichever replica. */
  async recordHour(generation: string, now: Date): Promise<void> {
    const hour = fullHour(now);
    if (this.recordedHour === hour.getTime()) return;
    const takenAt = sqlTime(hour);
    const known = await this.database.reader.one('SELECT id FROM leaderboard_snapshots WHERE taken_at = ? LIMIT 1', [
      takenAt,
    ]);
    if (!known) {
      const periods = currentPeriods(communityDay(now, this.settings.COMMUNITY_TIMEZONE));
      for (const scope of ['national', ...(await this.places())]) {
        const rows = scope === 'national' ? nationalRows : placeRows;
        for (const { set } of setsOf(generation, periods, [scope])) await this.record(generation, set, takenAt, rows);
      }
    }
    await this.forgetOld(now);
    this.recordedHour = hour.getTime();
  }

  private async record(generation: string, set: string, takenAt: string, count: number): Promise<void> {
    const top = await this.sets.top(set, 0, count);
    if (top.length === 0) return;
    const members = await this.sets.size(set);
    const ranks = ranksOf(top, 0, 0);
    await this.database.transaction((tx) =>
      tx.upsert(
        'leaderboard_snapshots',
        top.map(({ member, score }, index) => ({
          board: set.slice(generation.length + 1),
          taken_at: takenAt,
          position: index,
          rank_number: ranks[index] ?? index + 1,
          user_id: member,
          score,
          members,
        })),
        { conflict: ['board', 'taken_at', 'position'] },
      ),
    );
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

  private async forgetOld(now: Date): Promise<void> {
    const rows = await this.database.reader.query<{ id: number }>(
      `SELECT id FROM leaderboard_snapshots WHERE taken_at < ? ORDER BY taken_at LIMIT ${removedPerHour}`,
      [sqlTime(new Date(now.getTime() - keptDays * dayMs))],
    );
    if (rows.length === 0) return;
    const ids = rows.map(({ id }) => id);
    await this.database.transaction((tx) =>
      tx.executeOnce(`DELETE FROM leaderboard_snapshots WHERE id IN (${placeholders(ids.length)})`, ids),
    );
  }
}
