import { Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { CacheUnavailableError } from '#cache';
import { Database, type NamedLock } from '#database';
import type { Clock } from '#messaging';
import { InjectClock, InjectLogger, InjectSettings, type Logger } from '#service';
import type { PointsSettings } from '../points.env.js';
import { LeaderboardSnapshotRecorder } from './leaderboard-snapshot.recorder.js';
import { LeaderboardKeeper } from './leaderboard.worker.js';

/** Keeps the boards as the tables say, a moment behind them: one replica does it. */
@Injectable()
export class LeaderboardJob implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private timer: NodeJS.Timeout | null = null;
  private running: Promise<void> | null = null;
  private lock: NamedLock | null = null;

  constructor(
    private readonly database: Database,
    private readonly keeper: LeaderboardKeeper,
    private readonly snapshots: LeaderboardSnapshotRecorder,
    @InjectClock() private readonly clock: Clock,
    @InjectLogger() private readonly logger: Logger,
    @InjectSettings() private readonly settings: PointsSettings,
  ) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => this.tick(), this.settings.LEADERBOARD_INTERVAL_MS);
  }

  async beforeApplicationShutdown(): Promise<void> {
    if (this.timer) clearInterval(this.timer);
    this.keeper.stop();
    await this.running;
    await this.lock?.release();
  }

  private tick(): void {
    this.running ??= this.round()
      .catch((error: unknown) => {
        const text = 'the leaderboards could not be brought up to date, it will be tried again';
        if (error instanceof CacheUnavailableError) this.logger.debug({ error }, text);
        else this.logger.warn({ error }, text);
      })
      .finally(() => (this.running = null));
  }

  private async round(): Promise<void> {
    if (this.lock && !(await this.lock.isHeld())) {
      await this.lock.release();
      this.lock = null;
    }
    this.lock ??= await this.database.acquireLock('leaderboards');
    if (!this.lock) return;
    const generation = await this.keeper.keepUp(this.clock.now());
    if (generation !== null) await this.snapshots.recordHour(generation, this.clock.now());
  }
}
