import { z } from 'zod';
import { channelSchema } from './call.js';
import { defineCommand, defineEvent, defineQuery } from './contract.js';
import { daySchema, pageInputSchema, pageSchema, pointsSchema, timeSchema, userIdSchema } from './field.schemas.js';

/** `point_records.type` (P-01): the first three as the source document numbers them, then continued. */
export const pointRecordTypes = {
  check_in: 1,
  activity: 2,
  transfer: 3,
  streak_bonus: 4,
  admin_adjust: 5,
  shop_purchase: 6,
  shop_refund: 7,
  reversal: 10,
  invitation_reward: 11,
  frozen_debit: 12,
  content: 8,
  rule_reward: 9,
} as const;
export type PointRecordType = keyof typeof pointRecordTypes;
export const recordTypeSchema = z.enum(Object.keys(pointRecordTypes) as [PointRecordType, ...PointRecordType[]]);

export const bonusSchema = z.object({ streak_days: z.int(), points: pointsSchema });

/** Ranks by total check-in days (P-04), lowest first. */
export const rankNames = [
  'bronze',
  'silver',
  'gold',
  'platinum',
  'diamond',
  'starlight',
  'king',
  'peerless_king',
  'legendary_king',
] as const;
export type RankName = (typeof rankNames)[number];
export const rankSchema = z.object({
  name: z.enum(rankNames),
  stars: z.int().describe('days within the rank; the first has one star'),
});

/** Check-in (P-02): once per member and community day; 10 points, bonus at every 7th and 30th day of the streak. */
export const CheckIn = defineCommand({
  name: 'points.check_in.v1',
  summary: 'Check in for today',
  input: z.object({}),
  output: z.object({
    id: z.int(),
    day: daySchema,
    points: pointsSchema.describe('all points earned by this check-in'),
    base_points: pointsSchema,
    bonuses: z.array(bonusSchema),
    streak_days: z.int(),
    total_days: z.int(),
    balance: pointsSchema,
    makeup_cards: z.int().optional().describe('after this check-in'),
    cards_earned: z.int().optional().describe('makeup cards that this check-in earned'),
    rank: rankSchema.optional(),
    rank_reached: z.boolean().optional().describe('whether this check-in led to a higher rank'),
    checked_in_at: timeSchema,
  }),
  errors: ['check_in.already_done', 'check_in.too_soon'],
});

export const GetCheckInToday = defineQuery({
  name: 'points.get_check_in_today.v1',
  summary: 'Whether the member has checked in today, and how the streak stands',
  input: z.object({}),
  output: z.object({
    day: daySchema,
    checked_in: z.boolean(),
    streak_days: z.int().describe('of the streak that is alive; 0 when it is broken'),
    total_days: z.int(),
    next_bonus: bonusSchema.describe('the next streak day that gives a bonus'),
    day_ends_at: timeSchema,
    timezone: z.string().optional().describe('on whose calendar the day is'),
    makeup_cards: z.int().optional(),
    rank: rankSchema.nullable().optional().describe('null before the first check-in'),
  }),
});

export const GetBalance = defineQuery({
  name: 'points.get_balance.v1',
  summary: "The member's points",
  input: z.object({}),
  output: z.object({
    balance: pointsSchema,
    frozen: pointsSchema.describe('of the balance, what is on hold'),
    available: pointsSchema.describe('balance - frozen: what can be spent'),
    lifetime_earned: pointsSchema.optional().describe('all points ever earned, whatever became of them'),
  }),
});

export const pointRecordSchema = z.object({
  id: z.int(),
  points: pointsSchema,
  type: recordTypeSchema,
  description: z.string().nullable(),
  balance_after: pointsSchema,
  reverses_id: z.int().nullable().default(null).describe('the record that this one takes back'),
  created_at: timeSchema,
});

export const ListPointRecords = defineQuery({
  name: 'points.list_records.v1',
  summary: "The member's ledger, newest first",
  input: pageInputSchema,
  output: pageSchema(pointRecordSchema),
});

export const CheckedIn = defineEvent({
  name: 'points.checked_in.v1',
  summary: 'A member checked in',
  payload: z.object({
    user_id: userIdSchema,
    check_in_id: z.int(),
    day: daySchema,
    points: pointsSchema,
    bonuses: z.array(bonusSchema),
    streak_days: z.int(),
    total_days: z.int(),
    balance: pointsSchema,
    channel: channelSchema,
  }),
});

export const BalanceChanged = defineEvent({
  name: 'points.balance_changed.v1',
  summary: 'The ledger posted one or more records for a member',
  payload: z.object({
    user_id: userIdSchema,
    balance: pointsSchema,
    version: z.int().describe('grows with every change of the account, so that a late event is recognised'),
    frozen: pointsSchema.optional().describe('of the balance, what is on hold'),
    lifetime_earned: pointsSchema
      .optional()
      .describe('all points ever earned, whatever became of them: decides the level'),
    records: z.array(
      z.object({
        type: recordTypeSchema,
        points: pointsSchema,
        reference: z.string().optional().describe('the business fact behind the record'),
      }),
    ),
  }),
});
