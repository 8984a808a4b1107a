import { z } from 'zod';
import { defineQuery } from './contract.js';
import { daySchema, pointsSchema } from './field.schemas.js';
import { rankSchema, recordTypeSchema } from './points.contracts.js';

const flowSchema = z.object({
  issued: pointsSchema.describe('posted in favour of members'),
  spent: pointsSchema.describe('taken from members, as a positive number'),
});
const byTypeSchema = z.array(flowSchema.extend({ type: recordTypeSchema }));

/** P-10: what a member has done. */
export const GetMyStatistics = defineQuery({
  name: 'points.get_my_statistics.v1',
  summary: "The member's check-ins and points in figures",
  input: z.object({}),
  output: z.object({
    total_days: z.int(),
    streak_days: z.int(),
    rank: rankSchema.nullable(),
    next_rank_in_days: z.int().nullable().describe('null in the last rank'),
    last_7_days: z.array(flowSchema.extend({ day: daySchema, checked_in: z.boolean() })).describe('oldest first'),
    by_type: byTypeSchema.describe('of all time'),
    lifetime_earned: pointsSchema,
  }),
});

/** P-10: the whole community, for admins. */
export const GetPointStatistics = defineQuery({
  name: 'points.get_statistics.v1',
  summary: 'Points issued and spent, by day and type, and check-ins by day',
  input: z.object({ from_day: daySchema, until_day: daySchema.describe('the last day; at most 31 in all') }),
  output: z.object({
    days: z.array(z.object({ day: daySchema, check_ins: z.int(), by_type: byTypeSchema })),
    total: flowSchema,
  }),
  errors: ['auth.forbidden'],
});
