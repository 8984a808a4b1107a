import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { GetLeaderboard, GetMyStanding, RebuildLeaderboards } from '#contracts';
import type { LatencySummary } from '../load/latency.recorder.js';
import { OpenLoop } from '../load/open.loop.js';
import type { MachineFacts } from '../machine/machine.facts.js';
import { ServiceLog } from '../points/service.log.js';
import { callOf } from '../platform/bench.call.js';
import type { PointsPlace } from '../points/points.place.js';
import { seedLedger } from './ledger.seeder.js';
import type { LeaderboardsPlan } from './leaderboards.plan.js';
import type { BoardsFigure, LeaderboardsResult } from './leaderboards.result.js';

const board = { metric: 'points', period: 'all', scope: 'national' } as const;
const inFlightAtMost = 500;
const rebuiltWithinMs = 1_800_000;
const lookEveryMs = 250;
const sealedWithinMs = 600_000;
const settleMs = 10_000;
const pageSize = 20;
const pagesAtMost = 100;
const warmUpSeconds = 2;
/** A prime far from any size of ours: the asked members lie all over the board. */
const stride = 611_953;
/** The sets of a million members in the memory of the service. */
const heap = { NODE_OPTIONS: '--max-old-space-size=4096' };

/** Boards with very many members, over Redis and in the service's memory: making them anew, and asking them. */
export class LeaderboardsRun {
  constructor(
    private readonly plan: LeaderboardsPlan,
    private readonly place: PointsPlace,
    private readonly say: (line: string) => void,
  ) {}

  async run(machine: MachineFacts): Promise<LeaderboardsResult> {
    const { plan, place } = this;
    // Queries are told of at the level `debug`.
    const environment = { LEADERBOARD_INTERVAL_MS: '500', POINTS_JOB_INTERVAL_MS: '1000', LOG_LEVEL: 'debug', ...heap };
    await place.start(environment, place.place.redisUrl);
    this.say(`seeding ${plan.members} accounts ...`);
    await seedLedger(place, plan.members, Math.floor(plan.members * plan.activeShare));
    const redis = await this.measure('redis');
    await place.stopService();
    await place.start(environment);
    const memory = await this.measure('memory');
    return { measuredAt: new Date().toISOString(), plan, machine, boards: [redis, memory] };
  }

  private async measure(engine: BoardsFigure['engine']): Promise<BoardsFigure> {
    const rebuildSeconds = await this.rebuild();
    await this.settled();
    const { members } = await this.place.client.query(GetMyStanding, { ...board, neighbours: 0 }, callOf(1, 'vip'));
    this.say(`${engine}: ${members} members, made anew in ${rebuildSeconds} s`);
    await this.ask(warmUpSeconds);
    const log = new ServiceLog(this.place.logFile);
    await log.begin();
    const { rank, page, errors } = await this.ask(this.plan.seconds);
    const rankAtService = await log.timesOf(GetMyStanding.name);
    this.say(`${engine}: rank p99 ${rankAtService.p99} ms at the service, ${rank.p99} ms from door to door`);
    const figures = { rankAtService, rank, page, errors };
    return { engine, rebuildSeconds, members, ...figures, serviceMegabytes: this.megabytes() };
  }

  private async rebuild(): Promise<number> {
    const startedAt = performance.now();
    await this.place.client.command(RebuildLeaderboards, {}, callOf(900, 'super_admin'));
    const unmet = (): Promise<number> =>
      this.place.number('SELECT COUNT(*) FROM leaderboard_state WHERE rebuild_requested_at IS NOT NULL');
    while ((await unmet()) > 0) {
      if (performance.now() - startedAt > rebuiltWithinMs) throw new Error('the boards were not made anew in time');
      await pause(lookEveryMs);
    }
    // The service remembers for a second which boards are valid.
    await pause(1_000);
    return Math.round((performance.now() - startedAt) / 100) / 10;
  }

  /** The million new records of the seed are sealed, and the database has written down what the boards' making changed. */
  private async settled(): Promise<void> {
    const startedAt = performance.now();
    const unsealed = (): Promise<number> =>
      this.place.number(
        `SELECT (SELECT MAX(id) FROM point_records) - (SELECT COALESCE(MAX(last_id), 0) FROM ledger_seals) AS records`,
      );
    while ((await unsealed()) > 0) {
      if (performance.now() - startedAt > sealedWithinMs) throw new Error('the seed was not sealed in time');
      await pause(lookEveryMs);
    }
    await pause(settleMs);
  }

  /** Nine ranks and one page in ten questions. */
  private async ask(seconds: number): Promise<{ rank: LatencySummary; page: LatencySummary; errors: number }> {
    const { client } = this.place;
    const { members, queriesPerSecond } = this.plan;
    const loop = new OpenLoop({
      ratePerSecond: queriesPerSecond,
      seconds,
      inFlightAtMost,
      send: (sequence, answered) => {
        const userId = 1 + ((sequence * stride) % members);
        const isPage = sequence % 10 === 9;
        const page = 1 + (userId % Math.min(pagesAtMost, Math.ceil(members / pageSize)));
        const question = isPage
          ? client.query(GetLeaderboard, { ...board, page, page_size: pageSize }, callOf(userId, 'vip'))
          : client.query(GetMyStanding, { ...board, neighbours: 2 }, callOf(userId, 'vip'));
        const kind = isPage ? 'page' : 'rank';
        question.then(
          () => answered(200, kind),
          () => answered(500, kind),
        );
      },
    });
    const { byKind, errors, dropped } = await loop.run();
    const none = { count: 0, p50: 0, p95: 0, p99: 0, p999: 0, max: 0 };
    return { rank: byKind['rank'] ?? none, page: byKind['page'] ?? none, errors: errors + dropped };
  }

  /** 0 where the system does not tell. */
  private megabytes(): number {
    try {
      const status = readFileSync(`/proc/${this.place.pid}/status`, 'utf8');
      return Math.round(Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0) / 1_024);
    } catch {
      return 0;
    }
  }
}
