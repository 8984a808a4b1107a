import { z } from 'zod';
import { defineCommand, defineEvent, defineQuery } from './contract.js';
import { membershipDaysAtMost } from './entitlement.contracts.js';
import {
  pageInputSchema,
  pageSchema,
  reasonSchema,
  timeSchema,
  userIdSchema,
  wishedTimeSchema,
} from './field.schemas.js';

export const inviteCodeKinds = ['system_trial', 'system_formal', 'member'] as const;
const kindSchema = z.enum(inviteCodeKinds);

export const inviteCodeSchema = z.object({
  id: z.int(),
  code: z.string(),
  kind: kindSchema,
  plan: z.string(),
  days: z.int().nullable().describe('null has no end'),
  max_uses: z.int().nullable().describe('null is as often as people come'),
  uses: z.int(),
  valid_from: timeSchema.nullable(),
  valid_until: timeSchema.nullable(),
  enabled: z.boolean(),
  batch: z.string().nullable(),
  created_at: timeSchema,
});

/** A member's own invite code (U-05): single use, for somebody who has never been a member. */
export const CreateMemberCode = defineCommand({
  name: 'entitlement.create_member_code.v1',
  summary: 'Make an invite code that one new member can use once',
  input: z.object({}),
  output: inviteCodeSchema,
  errors: ['membership.registration_required', 'invite_code.too_many_unused'],
});

export const ListMemberCodes = defineQuery({
  name: 'entitlement.list_member_codes.v1',
  summary: "The calling member's invite codes, newest first",
  input: pageInputSchema,
  output: pageSchema(inviteCodeSchema),
});

/** How many system codes are made at once. */
export const systemCodesAtMost = 500;

/** System codes (U-05): batches with a window and a number of uses. For admins. */
export const CreateSystemCodes = defineCommand({
  name: 'entitlement.create_system_codes.v1',
  summary: 'Make one system code or a batch of them',
  input: z.object({
    kind: z.enum(['system_trial', 'system_formal']),
    plan: z.string().max(32).optional().describe('a plan of the catalogue; formal codes only'),
    days: z.int().min(1).max(membershipDaysAtMost).optional().describe('custom days instead of a plan'),
    count: z.int().min(1).max(systemCodesAtMost).default(1),
    code: z
      .string()
      .regex(/^[A-Za-z0-9]{4,32}$/)
      .optional()
      .describe('a text of your own, for a single code'),
    max_uses: z.int().min(1).max(1_000_000).nullable().default(1),
    valid_from: wishedTimeSchema.nullable().default(null),
    valid_until: wishedTimeSchema.nullable().default(null),
    batch: z.string().trim().min(1).max(64).nullable().default(null),
  }),
  output: z.object({ items: z.array(inviteCodeSchema) }),
  errors: ['auth.forbidden', 'auth.step_up_required', 'plan.unknown', 'invite_code.taken'],
});

export const ChangeSystemCode = defineCommand({
  name: 'entitlement.change_system_code.v1',
  summary: 'Switch a system code on or off, or change its window and uses',
  input: z.object({
    id: z.int().positive(),
    enabled: z.boolean().optional(),
    max_uses: z.int().min(1).max(1_000_000).nullable().optional(),
    valid_until: wishedTimeSchema.nullable().optional(),
  }),
  output: inviteCodeSchema,
  errors: ['auth.forbidden', 'auth.step_up_required', 'invite_code.unknown'],
});

export const ListSystemCodes = defineQuery({
  name: 'entitlement.list_system_codes.v1',
  summary: 'System codes by kind and batch, newest first',
  input: pageInputSchema.extend({ kind: kindSchema.optional(), batch: z.string().max(64).optional() }),
  output: pageSchema(inviteCodeSchema),
  errors: ['auth.forbidden'],
});

/** Gives an identity its trial back (U-02: once is the rule, an admin can reset it). */
export const ResetTrial = defineCommand({
  name: 'entitlement.reset_trial.v1',
  summary: 'Let a member have a trial again',
  input: z.object({ user_id: userIdSchema, reason: reasonSchema }),
  output: z.object({ reset: z.literal(true) }),
  errors: ['auth.forbidden'],
});

export const InviteCodeCreated = defineEvent({
  name: 'entitlement.invite_code_created.v1',
  summary: 'An invite code came into being',
  payload: z.object({ invite_code_id: z.int(), kind: kindSchema, max_uses: z.int().nullable() }),
});

export const InviteCodeChanged = defineEvent({
  name: 'entitlement.invite_code_changed.v1',
  summary: 'A system code was switched or changed',
  payload: z.object({ invite_code_id: z.int(), enabled: z.boolean(), max_uses: z.int().nullable() }),
});

export const InvitationSucceeded = defineEvent({
  name: 'entitlement.invitation_succeeded.v1',
  summary: "Somebody became a member with a member's code (U-05)",
  payload: z.object({
    inviter_user_id: userIdSchema,
    invitee_user_id: userIdSchema,
    invite_code_id: z.int(),
    reward_days: z.int(),
  }),
});

export const TrialReset = defineEvent({
  name: 'entitlement.trial_reset.v1',
  summary: 'An admin gave a member the trial back',
  payload: z.object({ user_id: userIdSchema, reason: z.string() }),
});
