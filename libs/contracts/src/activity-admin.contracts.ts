import { z } from 'zod';
import {
  activityFields,
  activityIdSchema,
  activityStateSchema,
  participationSchema,
  participationStateSchema,
} from './activity.contracts.js';
import { defineCommand, defineQuery } from './contract.js';
import { pageInputSchema, pageSchema, reasonSchema, timeSchema, userIdSchema } from './field.schemas.js';

export const adminActivitySchema = z.object({
  ...activityFields,
  id: activityIdSchema,
  state: activityStateSchema,
  joined: z.int(),
  waiting: z.int(),
  created_by: userIdSchema.nullable(),
  created_at: timeSchema,
  updated_at: timeSchema,
});
export type AdminActivity = z.infer<typeof adminActivitySchema>;

/** P-05. A new activity is a draft, which only admins see. */
export const CreateActivity = defineCommand({
  name: 'points.create_activity.v1',
  summary: 'Draft an activity',
  input: z.object({
    ...activityFields,
    registration_opens_at: activityFields.registration_opens_at.default(null),
    registration_closes_at: activityFields.registration_closes_at.default(null),
    code: activityFields.code.default(null),
    latitude: activityFields.latitude.default(null),
    longitude: activityFields.longitude.default(null),
    radius_m: activityFields.radius_m.default(null),
    waitlist: activityFields.waitlist.default(false),
  }),
  output: adminActivitySchema,
  errors: ['auth.forbidden', 'activity.invalid'],
});

export const ChangeActivity = defineCommand({
  name: 'points.change_activity.v1',
  summary: 'Change an activity that is not cancelled',
  input: z.object(activityFields).partial().extend({ id: activityIdSchema }),
  output: adminActivitySchema,
  errors: ['auth.forbidden', 'activity.not_found', 'activity.invalid', 'activity.state_conflict'],
});

export const SetActivityState = defineCommand({
  name: 'points.set_activity_state.v1',
  summary: 'Open, close or cancel an activity',
  input: z.object({ id: activityIdSchema, state: activityStateSchema }),
  output: adminActivitySchema,
  errors: ['auth.forbidden', 'activity.not_found', 'activity.invalid', 'activity.state_conflict'],
});

export const ListAdminActivities = defineQuery({
  name: 'points.list_admin_activities.v1',
  summary: 'All activities, newest first',
  input: pageInputSchema.extend({ state: activityStateSchema.optional() }),
  output: pageSchema(adminActivitySchema),
  errors: ['auth.forbidden'],
});

export const GetAdminActivity = defineQuery({
  name: 'points.get_admin_activity.v1',
  summary: 'One activity with its code',
  input: z.object({ id: activityIdSchema }),
  output: adminActivitySchema,
  errors: ['auth.forbidden', 'activity.not_found'],
});

export const participantsDecidedAtMost = 100;

export const DecideParticipation = defineCommand({
  name: 'points.decide_participation.v1',
  summary: 'Confirm that members took part, or say that they did not',
  input: z.object({
    id: activityIdSchema,
    user_ids: z.array(userIdSchema).min(1).max(participantsDecidedAtMost).describe('of oneself another admin says it'),
    approved: z.boolean(),
    reason: reasonSchema.nullable().default(null).describe('told to those who are refused'),
  }),
  output: z.object({
    decided: z.array(userIdSchema),
    skipped: z.array(
      z.object({ user_id: userIdSchema, because: z.enum(['not_joined', 'waiting', 'decided_already']) }),
    ),
  }),
  errors: [
    'auth.forbidden',
    'activity.not_found',
    'activity.state_conflict',
    'activity.not_running',
    'activity.invalid',
    'adjustment.second_admin_required',
  ],
});

export const participantSchema = participationSchema.extend({ user_id: userIdSchema, note: z.string().nullable() });

export const ListParticipants = defineQuery({
  name: 'points.list_participants.v1',
  summary: 'Who takes part in an activity, in the order in which they came',
  input: pageInputSchema.extend({ id: activityIdSchema, status: participationStateSchema.optional() }),
  output: pageSchema(participantSchema),
  errors: ['auth.forbidden', 'activity.not_found'],
});
