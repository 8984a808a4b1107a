import { Injectable } from '@nestjs/common';
import { Database, fromSqlTime, type SqlTime } from '#database';

interface StateRow {
  generation: string | null;
  caught_up_at: SqlTime | null;
  rebuild_requested_at: SqlTime | null;
  recorded_hour: SqlTime | null;
  leftover: string | null;
}

export interface LeaderboardState {
  readonly generation: string | null;
  readonly caughtUpAt: Date | null;
  /** The request for boards made anew that nobody has met yet. */
  readonly rebuildRequestedAt: SqlTime | null;
  /** A generation that nobody finished making, or nobody took away. */
  readonly leftover: string | null;
  /** The last hour whose boards are all written down. */
  readonly recordedHour: Date | null;
}

const keptMs = 1_000;

/** Which generation of boards is valid. */
@Injectable()
export class LeaderboardStateStore {
  private kept: { generation: string; until: number } | null = null;

  constructor(private readonly database: Database) {}

  async read(): Promise<LeaderboardState> {
    const row = await this.database.reader.one<StateRow>(
      `SELECT generation, caught_up_at, rebuild_requested_at, recorded_hour, leftover
       FROM leaderboard_state WHERE id = 1`,
    );
    return {
      generation: row?.generation ?? null,
      caughtUpAt: row?.caught_up_at ? fromSqlTime(row.caught_up_at) : null,
      rebuildRequestedAt: row?.rebuild_requested_at ?? null,
      leftover: row?.leftover ?? null,
      recordedHour: row?.recorded_hour ? fromSqlTime(row.recorded_hour) : null,
    };
  }

  /** For questions: at most a second old. */
  async generation(): Promise<string | null> {
    if (this.kept && performance.now() < this.kept.until) return this.kept.generation;
    const { generation } = await this.read();
    this.kept = generation === null ? null : { generation, until: performance.now() + keptMs };
    return generation;
  }

  /** The next question looks again. */
  forget(): void {
    this.kept = null;
  }
}
