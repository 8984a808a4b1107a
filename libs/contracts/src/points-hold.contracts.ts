import { z } from 'zod';
import { defineCommand, defineEvent, defineQuery } from './contract.js';
import { pageInputSchema, pageSchema, pointsSchema, reasonSchema, timeSchema, userIdSchema } from './field.schemas.js';
import { pointRecordSchema } from './points.contracts.js';

/** Points taken out of reach without leaving the account (P-01): available + frozen = balance. */
export const pointHoldSchema = z.object({
  id: z.int(),
  user_id: userIdSchema,
  points: pointsSchema.describe('frozen at the beginning'),
  remaining: pointsSchema.describe('still frozen; 0 when the hold is settled'),
  reference: z.string().describe('the business fact behind the hold'),
  reason: z.string(),
  created_at: timeSchema,
  updated_at: timeSchema,
});

const wantedPointsSchema = z.int().positive();
const holdIdSchema = z.int().positive();
const settleInput = z.object({
  hold_id: holdIdSchema,
  points: wantedPointsSchema.optional().describe('all that remains unless told'),
  reason: reasonSchema,
});

/** P-01: for admins; other parts of the service freeze for themselves. */
export const FreezePoints = defineCommand({
  name: 'points.freeze.v1',
  summary: "Put a part of a member's points on hold",
  input: z.object({ user_id: userIdSchema, points: wantedPointsSchema, reason: reasonSchema }),
  output: pointHoldSchema,
  errors: ['auth.forbidden', 'user.not_found', 'points.insufficient_balance', 'points.amount_too_large'],
});

export const ReleaseHold = defineCommand({
  name: 'points.release_hold.v1',
  summary: 'Give points on hold back to their member, all or a part',
  input: settleInput,
  output: pointHoldSchema,
  errors: ['auth.forbidden', 'points.hold_unknown', 'points.hold_too_small', 'adjustment.second_admin_required'],
});

export const DebitHold = defineCommand({
  name: 'points.debit_hold.v1',
  summary: 'Take points on hold from their member for good, all or a part',
  input: settleInput,
  output: pointHoldSchema,
  errors: ['auth.forbidden', 'points.hold_unknown', 'points.hold_too_small', 'points.amount_too_large'],
});

export const ListMyHolds = defineQuery({
  name: 'points.list_my_holds.v1',
  summary: "The member's own holds, newest first",
  input: pageInputSchema,
  output: pageSchema(pointHoldSchema),
});

export const ListUserHolds = defineQuery({
  name: 'points.list_user_holds.v1',
  summary: "A member's holds, newest first",
  input: pageInputSchema.extend({ user_id: userIdSchema }),
  output: pageSchema(pointHoldSchema),
  errors: ['auth.forbidden'],
});

export const ListUserRecords = defineQuery({
  name: 'points.list_user_records.v1',
  summary: "A member's ledger, newest first",
  input: pageInputSchema.extend({ user_id: userIdSchema }),
  output: pageSchema(pointRecordSchema),
  errors: ['auth.forbidden'],
});

/** P-01: a record is never changed; what was wrong is taken back by its inverse, once. */
export const ReverseRecord = defineCommand({
  name: 'points.reverse_record.v1',
  summary: 'Take a record back by a record of the opposite amount',
  input: z.object({ record_id: z.int().positive(), reason: reasonSchema }),
  output: pointRecordSchema,
  errors: [
    'auth.forbidden',
    'points.record_unknown',
    'points.already_reversed',
    'points.not_reversible',
    'adjustment.second_admin_required',
    'points.insufficient_balance',
    'points.amount_too_large',
  ],
});

export const HoldChanged = defineEvent({
  name: 'points.hold_changed.v1',
  summary: 'Points were put on hold, given back, or taken from a hold',
  payload: z.object({
    user_id: userIdSchema,
    hold_id: z.int(),
    reference: z.string(),
    change: z.enum(['frozen', 'released', 'debited']),
    points: pointsSchema,
    remaining: pointsSchema,
    frozen: pointsSchema.describe('of the account, after the change'),
    available: pointsSchema.describe('of the account, after the change'),
    version: z.int(),
    reason: z.string(),
  }),
});
