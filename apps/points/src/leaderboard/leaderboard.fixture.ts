import { z } from 'zod';
import type { ScoreSets } from '#cache';
import { loadConfiguration, urlOf } from '#config';
import {
  CheckIn,
  GetLeaderboard,
  GetMyStanding,
  UserCreated,
  UserSettingsChanged,
  type HandledInputOf,
  type OutputOf,
  type PayloadOf,
} from '#contracts';
import type { Database } from '#database';
import { eventually } from '#testing';
import type { DatabaseEngine } from '#testing/engines';
import { memberCall, ServiceHost } from '#testing/service.host';
import { Metrics } from '#service';
import type { PointsSettings } from '../points.env.js';
import { pointsService } from '../points.module.js';
import { LeaderboardSnapshotRecorder } from './leaderboard-snapshot.recorder.js';
import { LeaderboardStateStore } from './leaderboard-state.store.js';
import { LeaderboardKeeper } from './leaderboard.worker.js';
import { LeaderboardWriter } from './leaderboard.writer.js';

const { TEST_REDIS_URL } = loadConfiguration(z.object({ TEST_REDIS_URL: urlOf('redis', 'rediss').optional() }));

type Wanted<Contract extends typeof GetMyStanding | typeof GetLeaderboard> = Partial<HandledInputOf<Contract>>;
const everything = { metric: 'points', period: 'all', scope: 'national' } as const;

/** The service with its boards, and what their tests do again and again. */
export class LeaderboardPlace {
  private running: ServiceHost | null = null;

  /** On MySQL with Redis, on SQLite with the memory: as the platform runs. */
  async start(engine: DatabaseEngine, environment: Record<string, string>): Promise<void> {
    const redis = engine.dialect === 'mysql' && TEST_REDIS_URL ? { REDIS_URL: TEST_REDIS_URL } : {};
    this.running = await ServiceHost.start(pointsService, engine, { ...environment, ...redis });
    // The opening waits two seconds for an engine; on a busy machine it may be there a moment later.
    await eventually(() => this.sets.size('any'));
    await this.host.moveToNoon();
  }

  async stop(): Promise<void> {
    await this.running?.stop();
  }

  get host(): ServiceHost {
    if (!this.running) throw new Error('there are no boards yet');
    return this.running;
  }

  get now(): Date {
    return this.host.service.runtime.clock.now();
  }

  get database(): Database {
    return this.host.database;
  }

  get sets(): ScoreSets {
    return this.host.service.runtime.scoreSets as ScoreSets;
  }

  /** Does what the job does, when the test says so; `sets` may be such that something happens to them. */
  keeper(sets = this.sets): LeaderboardKeeper {
    const { clock, logger, unitOfWork } = this.host.service.runtime;
    if (!unitOfWork) throw new Error('the service has no database');
    const { state, settings, metrics } = this.parts();
    const writer = new LeaderboardWriter(this.database, sets);
    return new LeaderboardKeeper(this.database, unitOfWork, state, writer, sets, clock, logger, settings, metrics);
  }

  /** Writes hours down as the job does; a new one is as good as a restart. */
  recorder(sets = this.sets): LeaderboardSnapshotRecorder {
    const { state, settings, metrics } = this.parts();
    return new LeaderboardSnapshotRecorder(this.database, state, sets, settings, metrics);
  }

  private parts(): { state: LeaderboardStateStore; settings: PointsSettings; metrics: Metrics } {
    return {
      state: new LeaderboardStateStore(this.database),
      settings: this.host.service.runtime.settings as PointsSettings,
      metrics: new Metrics('points', { runtime: false }),
    };
  }

  meet(userId: number, name = `Member ${userId}`): Promise<void> {
    return this.host.tell(UserCreated, {
      user_id: userId,
      telegram_id: String(9_000 + userId),
      kind: 'person',
      first_name: name,
      locale: 'en',
      role: 'member',
    } as PayloadOf<typeof UserCreated>);
  }

  /** Where a member says to live, and whether they want to be seen. */
  move(userId: number, version: number, province: string, city: string | null, isShown = true): Promise<void> {
    return this.host.tell(UserSettingsChanged, {
      user_id: userId,
      version,
      display_name: `Member ${userId}`,
      nickname: null,
      avatar_url: null,
      birthday: null,
      locale: 'en',
      timezone: 'Asia/Shanghai',
      show_in_leaderboards: isShown,
      region: { country: 'CN', province, city },
      reminders: { check_in: false, check_in_at: '09:00', membership: false },
      changed: ['region'],
      changed_at: this.now.toISOString(),
    });
  }

  checkIn(userId: number): Promise<OutputOf<typeof CheckIn>> {
    return this.host.client.command(CheckIn, {}, memberCall(userId));
  }

  standing(userId: number, wanted: Wanted<typeof GetMyStanding> = {}): Promise<OutputOf<typeof GetMyStanding>> {
    return this.host.client.query(GetMyStanding, { ...everything, ...wanted }, memberCall(userId));
  }

  /** A board as a VIP member sees it. */
  board(wanted: Wanted<typeof GetLeaderboard> = {}, userId = 1): Promise<OutputOf<typeof GetLeaderboard>> {
    return this.host.client.query(GetLeaderboard, { ...everything, ...wanted }, memberCall(userId, 'vip'));
  }
}
