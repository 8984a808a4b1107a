import { Injectable } from '@nestjs/common';
import { Database } from '#database';
import { UnitOfWork } from '#messaging';
import { InjectSettings, JobRunner, Metrics } from '#service';
import type { PointsSettings } from '../points.env.js';
import { recordsPerStep } from './velocity-counter.store.js';
import { VelocityRecorder } from './velocity.recorder.js';

const stepsPerRound = 40;

/** Lets the recorder catch up with the ledger (P-09), every few seconds, so that nobody who checks in waits for it. */
@Injectable()
export class VelocityJob {
  constructor(
    private readonly database: Database,
    private readonly unitOfWork: UnitOfWork,
    private readonly recorder: VelocityRecorder,
    @InjectSettings() settings: PointsSettings,
    jobs: JobRunner,
    metrics: Metrics,
  ) {
    jobs.add({
      name: 'points-velocity',
      everyMs: settings.VELOCITY_INTERVAL_MS,
      lock: 'kept',
      complaint: 'records could not be counted, they will be next time',
      round: () => this.round(),
    });
    metrics.gauge('coser_velocity_alarms_open', 'Velocity alarms that nobody has taken note of', async (gauge) => {
      gauge.set(await this.countOpen());
    });
  }

  /** One replica works; should two overlap, the lock on the cursor's row lets each record be counted once. */
  private async round(): Promise<void> {
    for (let step = 0; step < stepsPerRound; step += 1) {
      const counted = await this.unitOfWork.runAs('velocity', (context) => this.recorder.step(context));
      if (counted < recordsPerStep) return;
    }
  }

  /** A database that is away must not look like no alarms. */
  private countOpen(): Promise<number> {
    return this.database.reader.count("velocity_alarms WHERE state = 'open'").catch(() => Number.NaN);
  }
}
