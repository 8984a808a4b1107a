/** How long and how often; `quick` is for a look, `standard` for figures that are written down. */
export interface BenchPlan {
  readonly mode: 'standard' | 'quick';
  readonly users: number;
  readonly readers: number;
  readonly rounds: number;
  readonly warmUpSeconds: number;
  readonly readSeconds: number;
  readonly checkInSeconds: number;
  readonly mixedWarmUpSeconds: number;
  readonly mixedSeconds: number;
}

export const standardPlan: BenchPlan = {
  mode: 'standard',
  users: 90_000,
  readers: 10_000,
  rounds: 3,
  warmUpSeconds: 6,
  readSeconds: 8,
  checkInSeconds: 8,
  mixedWarmUpSeconds: 30,
  mixedSeconds: 60,
};

export const quickPlan: BenchPlan = {
  mode: 'quick',
  users: 40_000,
  readers: 10_000,
  rounds: 1,
  warmUpSeconds: 3,
  readSeconds: 5,
  checkInSeconds: 5,
  mixedWarmUpSeconds: 15,
  mixedSeconds: 15,
};

/** What the platform promises. */
export const targets = {
  ratePerSecond: 1_000,
  mixedP99Ms: 100,
  readShare: 0.6,
  checkInShare: 0.6,
} as const;

/** In flight at peak, for ours and the raw chain alike. */
export const peakConnections = 64;
export const rawDatabaseConnections = 10;
