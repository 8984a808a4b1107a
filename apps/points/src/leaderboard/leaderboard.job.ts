import { Injectable } from '@nestjs/common';
import { CacheUnavailableError } from '#cache';
import type { Clock } from '#messaging';
import { InjectClock, InjectSettings, JobRunner } from '#service';
import type { PointsSettings } from '../points.env.js';
import { LeaderboardSnapshotRecorder } from './leaderboard-snapshot.recorder.js';
import { LeaderboardKeeper } from './leaderboard.worker.js';

/** Keeps the boards as the tables say, a moment behind them: one replica does it. */
@Injectable()
export class LeaderboardJob {
  constructor(
    private readonly keeper: LeaderboardKeeper,
    private readonly snapshots: LeaderboardSnapshotRecorder,
    @InjectClock() private readonly clock: Clock,
    @InjectSettings() settings: PointsSettings,
    jobs: JobRunner,
  ) {
    jobs.add({
      name: 'leaderboards',
      everyMs: settings.LEADERBOARD_INTERVAL_MS,
      lock: 'kept',
      complaint: 'the leaderboards could not be brought up to date, it will be tried again',
      levelOf: (error) => (error instanceof CacheUnavailableError ? 'debug' : 'warn'),
      round: (stopping) => this.round(stopping),
      onStop: () => this.keeper.stop(),
    });
  }

  private async round(stopping: AbortSignal): Promise<void> {
    const generation = await this.keeper.keepUp(this.clock.now());
    if (generation !== null) await this.snapshots.recordHour(generation, this.clock.now(), stopping);
  }
}
