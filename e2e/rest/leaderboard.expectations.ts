import type { Expectation } from './operation.expectations.js';

/** Leaderboards (P-08). */
export const leaderboardExpectations: Record<string, Expectation> = {
  // Without a parameter the board of everybody, which is for VIP members.
  'GET /v1/leaderboards': { access: 'member', outcome: { status: 403, code: 20480 } },
  'GET /v1/leaderboards/me': { access: 'member' },
  'GET /v1/leaderboards/history': { access: 'member', outcome: { status: 403, code: 20480 } },
  'POST /v1/leaderboards/rebuild': { access: 'admin', body: {}, otherBody: { unexpected: 1 } },
};
