import { z } from 'zod';
import { defineCommand, defineEvent, defineQuery } from './contract.js';
import { telegramIdSchema, timeSchema } from './field.schemas.js';

/** What is compared (P-08): points earned, or days with a check-in. */
export const boardMetrics = ['points', 'check_in_days'] as const;
/** Since when: today, this week (from Monday), this month, ever; on the community's calendar. */
export const boardPeriods = ['day', 'week', 'month', 'all'] as const;
/** Among whom: everybody, the members of the caller's province or city, the members of a group. */
export const boardScopes = ['national', 'province', 'city', 'group'] as const;

export type BoardMetric = (typeof boardMetrics)[number];
export type BoardPeriod = (typeof boardPeriods)[number];
export type BoardScope = (typeof boardScopes)[number];

/** Which board. Province and city are the caller's own. */
export const boardInputSchema = z.object({
  metric: z.enum(boardMetrics).default('points'),
  period: z.enum(boardPeriods).default('all'),
  scope: z.enum(boardScopes).default('national'),
  chat_id: telegramIdSchema.optional().describe('the group, for scope group'),
});

/** Equal scores have equal ranks, and the next rank counts all of them (1, 2, 2, 4); among equals the older account stands first. */
export const boardEntrySchema = z.object({
  rank: z.int().positive(),
  name: z.string(),
  score: z.int(),
  is_me: z.boolean(),
});

const boardFacts = {
  metric: z.enum(boardMetrics),
  period: z.enum(boardPeriods),
  scope: z.enum(boardScopes),
  place: z.string().nullable().describe('province or city of the board; null for the others'),
  members: z.int().describe('how many stand on the board'),
};

/** The first members of a board. The national board is for VIP members (and staff). */
export const GetLeaderboard = defineQuery({
  name: 'points.get_leaderboard.v1',
  summary: 'The first members of a leaderboard',
  input: boardInputSchema.extend({
    page: z.int().min(1).max(100).default(1),
    page_size: z.int().min(1).max(100).default(20),
  }),
  output: z.object({ ...boardFacts, page: z.int(), page_size: z.int(), items: z.array(boardEntrySchema) }),
  errors: ['leaderboard.vip_only', 'leaderboard.no_region', 'leaderboard.group_unknown', 'leaderboard.not_ready'],
});

/** Where the caller stands: for every member, on every board they are on. */
export const GetMyStanding = defineQuery({
  name: 'points.get_my_standing.v1',
  summary: 'My rank on a leaderboard, with percentile and neighbours',
  input: boardInputSchema.extend({ neighbours: z.int().min(0).max(10).default(2).describe('on each side') }),
  output: z.object({
    ...boardFacts,
    hidden: z.boolean().describe('the member does not want to be seen on leaderboards'),
    rank: z.int().nullable().describe('null: not on this board'),
    score: z.int(),
    percentile: z.number().min(0).max(100).nullable().describe('per cent of the members with a lower score'),
    points_to_next: z.int().nullable().describe('how much is missing to the next higher score; null at the top'),
    neighbours: z.array(boardEntrySchema).describe('with oneself; empty for who may not see the board'),
  }),
  errors: ['leaderboard.no_region', 'leaderboard.group_unknown', 'leaderboard.not_ready'],
});

/** The hourly record of a board: its first members as they stood then. */
export const GetLeaderboardHistory = defineQuery({
  name: 'points.get_leaderboard_history.v1',
  summary: 'A leaderboard as it stood at an hour of the past',
  input: boardInputSchema.extend({
    at: timeSchema.optional().describe('the latest record until then; now unless told'),
  }),
  output: z.object({
    ...boardFacts,
    taken_at: timeSchema.nullable().describe('the hour it belongs to; null: there is no record that old'),
    recorded_at: timeSchema
      .nullable()
      .describe(
        'when the board stood so: later in the hour where the platform was away at its beginning; null for old records',
      ),
    items: z.array(boardEntrySchema),
  }),
  errors: ['leaderboard.vip_only', 'leaderboard.no_region', 'leaderboard.group_unknown'],
});

export const RebuildLeaderboards = defineCommand({
  name: 'points.rebuild_leaderboards.v1',
  summary: 'Make all leaderboards anew from the ledger and the check-ins',
  input: z.object({}),
  output: z.object({ requested_at: timeSchema }),
});

export const LeaderboardRebuildRequested = defineEvent({
  name: 'points.leaderboard_rebuild_requested.v1',
  summary: 'An admin asked for all leaderboards to be made anew',
  payload: z.object({ requested_at: timeSchema }),
});

export const LeaderboardsRebuilt = defineEvent({
  name: 'points.leaderboards_rebuilt.v1',
  summary: 'All leaderboards were made anew from the ledger and the check-ins',
  payload: z.object({ generation: z.string(), members: z.int(), seconds: z.number() }),
});
