import type { LatencySummary } from '../load/latency.recorder.js';
import type { MachineFacts } from '../machine/machine.facts.js';
import type { LeaderboardsPlan } from './leaderboards.plan.js';

/** One engine under the boards. */
export interface BoardsFigure {
  readonly engine: 'redis' | 'memory';
  /** From the wish of an admin to the valid new boards, and what the job says its own part took. */
  readonly rebuildSeconds: number;
  readonly members: number;
  /** A rank at the service: what it took there ... */
  readonly rankAtService: LatencySummary;
  /** ... and from the question to the answer, through the broker, at a constant rate. */
  readonly rank: LatencySummary;
  readonly page: LatencySummary;
  readonly errors: number;
  /** Resident memory of the service afterwards. */
  readonly serviceMegabytes: number;
}

export interface LeaderboardsResult {
  readonly measuredAt: string;
  readonly plan: LeaderboardsPlan;
  readonly machine: MachineFacts;
  readonly boards: readonly BoardsFigure[];
}
