import { z } from 'zod';
import { defineCommand, defineEvent, defineQuery } from './contract.js';
import { timeSchema, userIdSchema } from './field.schemas.js';

/** What a membership is right now; `expired` is a fact of the clock (U-06), never of a job. Permanent has no end. */
export const membershipStateSchema = z.enum(['none', 'trial', 'formal', 'permanent', 'expired']);
export type MembershipState = z.infer<typeof membershipStateSchema>;

export const membershipSchema = z.object({
  state: membershipStateSchema,
  plan: z.string().nullable(),
  started_at: timeSchema.nullable(),
  expires_at: timeSchema.nullable().describe('null for none and permanent'),
});
export type Membership = z.infer<typeof membershipSchema>;

/** `POST /v1/registrations` (U-02): a trial of 7 days, once per identity, ever. */
export const RegisterWithCode = defineCommand({
  name: 'entitlement.register.v1',
  summary: 'Start a membership with an invite code',
  input: z.object({ invite_code: z.string().trim().min(1).max(32) }),
  output: z.object({ membership: membershipSchema }),
  errors: [
    'invite_code.unknown',
    'invite_code.not_valid_now',
    'invite_code.used_up',
    'membership.trial_already_used',
    'membership.already_active',
  ],
});

export const GetMembership = defineQuery({
  name: 'entitlement.get_membership.v1',
  summary: "The calling member's membership as of now",
  input: z.object({}),
  output: membershipSchema,
});

export const MembershipStarted = defineEvent({
  name: 'entitlement.membership_started.v1',
  summary: 'A membership period began',
  payload: z.object({
    user_id: userIdSchema,
    kind: z.enum(['trial', 'formal', 'permanent']),
    plan: z.string(),
    started_at: timeSchema,
    expires_at: timeSchema.nullable(),
    invite_code_id: z.int(),
  }),
});

export const InviteCodeCreated = defineEvent({
  name: 'entitlement.invite_code_created.v1',
  summary: 'An invite code came into being',
  payload: z.object({ invite_code_id: z.int(), kind: z.enum(['system_trial']), max_uses: z.int().nullable() }),
});
