import { Module } from '@nestjs/common';
import { StandingWatcher } from './standing.worker.js';

/** Who may not come in, for both doors: REST and the bot. */
@Module({ providers: [StandingWatcher], exports: [StandingWatcher] })
export class StandingModule {}
