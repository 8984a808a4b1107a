import { z } from 'zod';
import { defineCommand, defineEvent } from './contract.js';
import { membershipChangedAtSchema, membershipKindSchema, membershipSchema } from './entitlement.contracts.js';
import { reasonSchema, timeSchema, userIdSchema } from './field.schemas.js';

/** Ten years: whoever is to have more gets the plan without an end. */
const grantedDaysAtMost = 3_660;

/** An admin gives a member days, or a plan, without a code (B-04). */
export const GrantMembership = defineCommand({
  name: 'entitlement.grant_membership.v1',
  summary: 'Give a membership, or prolong it, with a reason',
  input: z.object({
    user_id: userIdSchema,
    plan: z.string().trim().min(1).max(32).optional().describe('of the catalogue; either this or `days`'),
    days: z.int().min(1).max(grantedDaysAtMost).optional(),
    reason: reasonSchema,
  }),
  output: z.object({ membership: membershipSchema }),
  errors: [
    'auth.forbidden',
    'auth.step_up_required',
    'plan.unknown',
    'membership.already_permanent',
    'membership.ends_too_late',
    'user.banned',
    'user.deletion_pending',
    'user.not_found',
  ],
});

export const MembershipGranted = defineEvent({
  name: 'entitlement.membership_granted.v1',
  summary: 'An admin gave a member a membership, or prolonged it',
  payload: z.object({
    user_id: userIdSchema,
    kind: membershipKindSchema,
    plan: z.string(),
    started_at: timeSchema,
    expires_at: timeSchema.nullable(),
    days: z.int().nullable(),
    reason: z.string(),
    granted_by: userIdSchema.nullable().describe('null: the system itself'),
    renewal: z.boolean(),
    changed_at: membershipChangedAtSchema.optional(),
  }),
});
