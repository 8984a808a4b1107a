import { Module } from '@nestjs/common';
import { ActivityRecorder } from '../activity/activity.worker.js';
import { StandingWatcher } from './standing.worker.js';

/** Who may not come in, and who has, for both doors: REST and the bot. */
@Module({ providers: [StandingWatcher, ActivityRecorder], exports: [StandingWatcher, ActivityRecorder] })
export class StandingModule {}
