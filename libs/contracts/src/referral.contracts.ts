import { z } from 'zod';
import { defineCommand, defineEvent, defineQuery } from './contract.js';
import { membershipSchema } from './entitlement.contracts.js';
import {
  pageInputSchema,
  pageSchema,
  pointsSchema,
  termsVersionSchema,
  timeSchema,
  userIdSchema,
} from './field.schemas.js';

/** A group chat as a customer (U-01, U-03): one of its admins registers it, in the group itself. The bot vouches for the admin. */
export const RegisterGroup = defineCommand({
  name: 'entitlement.register_group.v1',
  summary: 'Start or renew the membership of a group with an invite code, by an admin of the group, from the bot',
  input: z.object({
    group_user_id: userIdSchema,
    invite_code: z.string().trim().min(1).max(32),
    terms_version: termsVersionSchema.optional().describe('what the admin of the group has accepted'),
  }),
  output: z.object({ membership: membershipSchema }),
  errors: [
    'auth.forbidden',
    'terms.not_accepted',
    'terms.version_outdated',
    'invite_code.unknown',
    'invite_code.not_valid_now',
    'invite_code.used_up',
    'invite_code.own_code',
    'invite_code.already_used',
    'user.banned',
    'user.deletion_pending',
    'user.not_found',
    'membership.trial_already_used',
    'membership.already_active',
    'membership.already_permanent',
    'membership.ends_too_late',
    'membership.new_members_only',
  ],
});

export const referralDepthAtMost = 5;

const inviteeSchema = z.object({
  user_id: userIdSchema,
  invited_at: timeSchema,
  invited_themselves: z.int().describe('whom they have brought in'),
});

/** Whom a member has brought in (U-16). */
export const ListMyInvitees = defineQuery({
  name: 'entitlement.list_my_invitees.v1',
  summary: 'Whom the calling member has invited, newest first, and how many came by them in all',
  input: pageInputSchema,
  output: pageSchema(inviteeSchema).extend({
    tree_total: z.int().describe(`all who came by the member, directly or not, ${referralDepthAtMost} levels deep`),
    is_complete: z.boolean().describe('false when the tree is larger than what was counted'),
  }),
});

/** Who invited whom, from one member down (U-16). For admins. */
export const GetReferralTree = defineQuery({
  name: 'entitlement.get_referral_tree.v1',
  summary: 'Who invited whom, from a member down, level by level, and who invited that member',
  input: z.object({ user_id: userIdSchema, depth: z.int().min(1).max(referralDepthAtMost).default(3) }),
  output: z.object({
    user_id: userIdSchema,
    invited_by: userIdSchema.nullable(),
    members: z.array(
      z.object({ user_id: userIdSchema, invited_by: userIdSchema, level: z.int(), invited_at: timeSchema }),
    ),
    is_complete: z.boolean().describe('false when the tree has more members than an answer holds, or goes deeper'),
  }),
  errors: ['auth.forbidden'],
});

/** Who brings people in (U-16). For admins. */
export const GetReferralStatistics = defineQuery({
  name: 'entitlement.get_referral_statistics.v1',
  summary: 'How many members came by invitation in a time, and who invited most',
  input: z.object({ from: timeSchema, to: timeSchema, top: z.int().min(1).max(100).default(10) }),
  output: z.object({
    invitations: z.int(),
    inviters: z.int(),
    top: z.array(z.object({ user_id: userIdSchema, invitations: z.int() })),
  }),
  errors: ['auth.forbidden'],
});

/** Points for an invitation (U-05): the inviter's and the newcomer's share. */
export const InvitationRewarded = defineEvent({
  name: 'points.invitation_rewarded.v1',
  summary: 'A member got points because an invitation led to a membership',
  payload: z.object({
    user_id: userIdSchema,
    share: z.enum(['inviter', 'invitee']),
    points: pointsSchema,
    balance: pointsSchema,
    invite_code_id: z.int(),
  }),
});
