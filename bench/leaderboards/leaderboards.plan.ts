/** How many, and how long; `quick` is for a look, `leaderboards` for figures that are written down. */
export interface LeaderboardsPlan {
  readonly mode: 'leaderboards' | 'leaderboards-quick';
  /** On one board. */
  readonly members: number;
  /** Of these so many have records of this month, so that the boards of periods are there too. */
  readonly activeShare: number;
  readonly seconds: number;
  readonly queriesPerSecond: number;
}

export const standardLeaderboardsPlan: LeaderboardsPlan = {
  mode: 'leaderboards',
  members: 1_000_000,
  activeShare: 0.1,
  seconds: 30,
  queriesPerSecond: 200,
};

export const quickLeaderboardsPlan: LeaderboardsPlan = {
  ...standardLeaderboardsPlan,
  mode: 'leaderboards-quick',
  members: 50_000,
  seconds: 5,
};

/** What is promised (issue 4). */
export const leaderboardsTargets = { rankP99Ms: 20 } as const;
