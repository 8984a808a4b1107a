import { z } from 'zod';
import { defineCommand, defineEvent, defineQuery } from './contract.js';
import { pageInputSchema, pageSchema, pointsSchema, reasonSchema, timeSchema, userIdSchema } from './field.schemas.js';

/** More than this is no correction of a mistake. */
const adjustedPointsAtMost = 10_000_000;

export const adjustmentStates = ['pending', 'applied', 'rejected', 'expired'] as const;
export type AdjustmentState = (typeof adjustmentStates)[number];

export const adjustmentSchema = z.object({
  id: z.int(),
  user_id: userIdSchema,
  points: pointsSchema,
  reason: z.string(),
  state: z.enum(adjustmentStates).describe('pending waits for another admin; expired was not decided in time'),
  requested_by: userIdSchema,
  requested_at: timeSchema,
  expires_at: timeSchema.nullable().describe('until when a pending one can be decided; null where nobody had to'),
  decided_by: userIdSchema.nullable(),
  decided_at: timeSchema.nullable(),
  decision_note: z.string().nullable(),
  balance_after: pointsSchema.nullable(),
});

/** An admin gives or takes points (P-09). Above the threshold, and for the admin's own account, another admin must agree. */
export const AdjustPoints = defineCommand({
  name: 'points.adjust_points.v1',
  summary: "Adjust a member's points, with a reason that the member can read",
  input: z.object({
    user_id: userIdSchema,
    points: z
      .int()
      .min(-adjustedPointsAtMost)
      .max(adjustedPointsAtMost)
      .refine((points) => points !== 0)
      .describe('positive gives, negative takes; never 0'),
    reason: reasonSchema,
  }),
  output: adjustmentSchema,
  errors: [
    'auth.forbidden',
    'auth.step_up_required',
    'user.not_found',
    'points.insufficient_balance',
    'adjustment.too_many_pending',
  ],
});

/** The second pair of eyes (P-09). */
export const ApproveAdjustment = defineCommand({
  name: 'points.approve_adjustment.v1',
  summary: 'Agree to an adjustment that another admin has asked for',
  input: z.object({ id: z.int().positive() }),
  output: adjustmentSchema,
  errors: [
    'auth.forbidden',
    'auth.step_up_required',
    'adjustment.unknown',
    'adjustment.already_decided',
    'adjustment.second_admin_required',
    'adjustment.expired',
    'points.insufficient_balance',
  ],
});

export const RejectAdjustment = defineCommand({
  name: 'points.reject_adjustment.v1',
  summary: 'Refuse an adjustment that another admin has asked for',
  input: z.object({ id: z.int().positive(), note: reasonSchema }),
  output: adjustmentSchema,
  errors: [
    'auth.forbidden',
    'adjustment.unknown',
    'adjustment.already_decided',
    'adjustment.second_admin_required',
    'adjustment.expired',
  ],
});

export const ListAdjustments = defineQuery({
  name: 'points.list_adjustments.v1',
  summary: 'Adjustments by state and member, newest first',
  input: pageInputSchema.extend({ state: z.enum(adjustmentStates).optional(), user_id: userIdSchema.optional() }),
  output: pageSchema(adjustmentSchema),
  errors: ['auth.forbidden'],
});

const adjustmentFacts = {
  adjustment_id: z.int(),
  user_id: userIdSchema,
  points: pointsSchema,
  reason: z.string(),
  requested_by: userIdSchema,
};

export const AdjustmentRequested = defineEvent({
  name: 'points.adjustment_requested.v1',
  summary: 'An adjustment waits for another admin',
  payload: z.object({ ...adjustmentFacts, expires_at: timeSchema }),
});

export const PointsAdjusted = defineEvent({
  name: 'points.points_adjusted.v1',
  summary: "A member's points were adjusted by an admin",
  payload: z.object({ ...adjustmentFacts, approved_by: userIdSchema.nullable(), balance: pointsSchema }),
});

export const AdjustmentRejected = defineEvent({
  name: 'points.adjustment_rejected.v1',
  summary: 'Another admin refused an adjustment',
  payload: z.object({ ...adjustmentFacts, rejected_by: userIdSchema, note: z.string() }),
});
