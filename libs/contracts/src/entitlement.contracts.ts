import { z } from 'zod';
import { defineCommand, defineEvent, defineQuery } from './contract.js';
import { pageInputSchema, pageSchema, termsVersionSchema, timeSchema, userIdSchema } from './field.schemas.js';

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

/** `POST /v1/registrations`: a trial (U-02), a plan or an invitation (U-03), a renewal (U-04), as the code says. */
export const RegisterWithCode = defineCommand({
  name: 'entitlement.register.v1',
  summary: 'Start or renew a membership with an invite code',
  input: z.object({
    invite_code: z.string().trim().min(1).max(32),
    terms_version: termsVersionSchema
      .optional()
      .describe(
        'the version of the terms that is accepted herewith; needed where the community requires it, see GET /v1/terms',
      ),
  }),
  output: z.object({ membership: membershipSchema }),
  errors: [
    'terms.not_accepted',
    'terms.version_outdated',
    'invite_code.unknown',
    'invite_code.not_valid_now',
    'invite_code.used_up',
    'invite_code.own_code',
    'invite_code.already_used',
    'membership.trial_already_used',
    'membership.already_active',
    'membership.already_permanent',
    'membership.ends_too_late',
    'membership.new_members_only',
  ],
});

/** What service `user` keeps as the acceptance (U-15): the registration is its proof. */
export const RegistrationTermsAccepted = defineEvent({
  name: 'entitlement.terms_accepted.v1',
  summary: 'Somebody registered and accepted a version of the terms with it',
  payload: z.object({ user_id: userIdSchema, version: z.string(), accepted_at: timeSchema }),
});

export const GetMembership = defineQuery({
  name: 'entitlement.get_membership.v1',
  summary: "The calling member's membership as of now",
  input: z.object({}),
  output: membershipSchema,
});

/** The most days that are given at once without a plan: ten years. */
export const membershipDaysAtMost = 3_650;

export const periodReasons = [
  'trial',
  'code',
  'invitation',
  'inviter_reward',
  'withdrawn',
  'granted',
  'exchanged',
  'taken_back',
] as const;
export type PeriodReason = (typeof periodReasons)[number];

export const membershipPeriodSchema = z.object({
  id: z.int(),
  kind: z.enum(['trial', 'formal', 'permanent']),
  plan: z.string(),
  reason: z
    .enum(periodReasons)
    .describe('exchanged: for points in the shop; taken_back: with the refund of such an order'),
  started_at: timeSchema,
  expires_at: timeSchema.nullable(),
  created_at: timeSchema,
});

/** The history of E-01. */
export const ListMembershipPeriods = defineQuery({
  name: 'entitlement.list_membership_periods.v1',
  summary: "The calling member's membership history, newest first",
  input: pageInputSchema,
  output: pageSchema(membershipPeriodSchema),
});

export const planSchema = z.object({
  code: z.string(),
  days: z.int().nullable().describe('null has no end'),
  enabled: z.boolean(),
});

export const ListPlans = defineQuery({
  name: 'entitlement.list_plans.v1',
  summary: 'The plans that formal codes can give (E-01)',
  input: z.object({}),
  output: z.object({ items: z.array(planSchema) }),
});

export const membershipKindSchema = z.enum(['trial', 'formal', 'permanent']);

/**
 * Grows with every change of one membership: whoever keeps a copy compares it. The time of the event will not do, for changes wait for
 * each other's lock and share batches; it counts for news from before this field, which is why some events have it as optional.
 */
export const membershipChangedAtSchema = timeSchema.describe(
  'when the membership changed; later than every change before',
);

export const MembershipStarted = defineEvent({
  name: 'entitlement.membership_started.v1',
  summary: 'A membership period began, or the current one was prolonged',
  payload: z.object({
    user_id: userIdSchema,
    kind: membershipKindSchema,
    plan: z.string(),
    started_at: timeSchema,
    expires_at: timeSchema.nullable(),
    invite_code_id: z.int(),
    renewal: z.boolean().default(false),
    changed_at: membershipChangedAtSchema.optional(),
  }),
});

export const MembershipExtended = defineEvent({
  name: 'entitlement.membership_extended.v1',
  summary: 'An inviter was rewarded with membership days (U-05)',
  payload: z.object({
    user_id: userIdSchema,
    kind: membershipKindSchema,
    plan: z.string(),
    started_at: timeSchema,
    expires_at: timeSchema.nullable(),
    days: z.int(),
    changed_at: membershipChangedAtSchema.optional(),
  }),
});

export const MembershipWithdrawn = defineEvent({
  name: 'entitlement.membership_withdrawn.v1',
  summary: 'A trial was ended because its mailbox had one before (U-02)',
  payload: z.object({
    user_id: userIdSchema,
    ended_at: timeSchema,
    plan: z.string(),
    started_at: timeSchema,
    changed_at: membershipChangedAtSchema.optional(),
  }),
});

export const reminderKinds = ['three_days', 'one_day', 'expired'] as const;

export const MembershipReminderDue = defineEvent({
  name: 'entitlement.membership_reminder_due.v1',
  summary: 'A membership ends in three days, in one day, or has just ended (U-06)',
  payload: z.object({
    user_id: userIdSchema,
    kind: z.enum(reminderKinds),
    membership_kind: membershipKindSchema,
    expires_at: timeSchema,
  }),
});
