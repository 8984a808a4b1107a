import { Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { Database, type NamedLock } from '#database';
import { UnitOfWork } from '#messaging';
import { InjectLogger, InjectSettings, Metrics, type Logger } from '#service';
import type { PointsSettings } from '../points.env.js';
import { recordsPerStep, VelocityRecorder } from './velocity.recorder.js';

const stepsPerRound = 40;

/** Lets the recorder catch up with the ledger (P-09), every few seconds, so that nobody who checks in waits for it. */
@Injectable()
export class VelocityJob implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private timer: NodeJS.Timeout | null = null;
  private running: Promise<void> | null = null;
  private lock: NamedLock | null = null;

  constructor(
    private readonly database: Database,
    private readonly unitOfWork: UnitOfWork,
    private readonly recorder: VelocityRecorder,
    @InjectLogger() private readonly logger: Logger,
    @InjectSettings() private readonly settings: PointsSettings,
    metrics: Metrics,
  ) {
    metrics.gauge('coser_velocity_alarms_open', 'Velocity alarms that nobody has taken note of', async (gauge) => {
      gauge.set(await this.countOpen());
    });
  }

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => this.tick(), this.settings.VELOCITY_INTERVAL_MS);
  }

  async beforeApplicationShutdown(): Promise<void> {
    if (this.timer) clearInterval(this.timer);
    await this.running;
    await this.lock?.release();
  }

  private tick(): void {
    this.running ??= this.round()
      .catch((error: unknown) => this.logger.warn({ error }, 'records could not be counted, they will be next time'))
      .finally(() => (this.running = null));
  }

  /** One replica works; should two overlap, the lock on the cursor's row lets each record be counted once. */
  private async round(): Promise<void> {
    if (this.lock && !(await this.lock.isHeld())) {
      await this.lock.release();
      this.lock = null;
    }
    this.lock ??= await this.database.acquireLock('points-velocity');
    if (!this.lock) return;
    for (let step = 0; step < stepsPerRound; step += 1) {
      const counted = await this.unitOfWork.runAs('velocity', (context) => this.recorder.step(context));
      if (counted < recordsPerStep) return;
    }
  }

  /** A database that is away must not look like no alarms. */
  private countOpen(): Promise<number> {
    return this.database.reader
      .one<{ total: number | string }>("SELECT COUNT(*) AS total FROM velocity_alarms WHERE state = 'open'")
      .then(
        (row) => Number(row?.total ?? 0),
        () => Number.NaN,
      );
  }
}
