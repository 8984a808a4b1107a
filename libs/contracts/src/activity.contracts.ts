import { z } from 'zod';
import { channelSchema } from './call.js';
import { defineCommand, defineEvent, defineQuery } from './contract.js';
import {
  localizedTextSchema,
  noteSchema,
  pageInputSchema,
  pageSchema,
  pointsSchema,
  timeSchema,
  userIdSchema,
} from './field.schemas.js';

/** How a member shows that they took part: an admin says so, the code shown at the event, or being there. */
export const activityWays = ['approval', 'code', 'geofence'] as const;
export const activityWaySchema = z.enum(activityWays);
export type ActivityWay = z.infer<typeof activityWaySchema>;

export const activityStates = ['draft', 'open', 'closed', 'cancelled'] as const;
export const activityStateSchema = z.enum(activityStates);
export type ActivityState = z.infer<typeof activityStateSchema>;

export const participationStates = ['joined', 'waiting', 'left', 'completed', 'refused'] as const;
export const participationStateSchema = z.enum(participationStates);
export type ParticipationState = z.infer<typeof participationStateSchema>;

export const activityTitleSchema = localizedTextSchema(120);
export type LocalizedText = z.infer<typeof activityTitleSchema>;
export const activityIdSchema = z.int().positive().max(999_999_999);
const latitudeSchema = z.number().min(-90).max(90);
const longitudeSchema = z.number().min(-180).max(180);

export const activityFields = {
  title: activityTitleSchema,
  description: localizedTextSchema(2000),
  starts_at: timeSchema,
  ends_at: timeSchema,
  registration_opens_at: timeSchema.nullable().describe('null is at once'),
  registration_closes_at: timeSchema.nullable().describe('null is until the activity ends'),
  capacity: z.int().min(1).max(10_000),
  points: z.int().min(20).max(100),
  way: activityWaySchema,
  code: z
    .string()
    .regex(/^[A-Za-z0-9]{4,32}$/)
    .nullable()
    .describe('what is shown at the event; for the way `code` only'),
  latitude: latitudeSchema.nullable().describe('for the way `geofence` only'),
  longitude: longitudeSchema.nullable(),
  radius_m: z.int().min(20).max(10_000).nullable(),
  waitlist: z.boolean().describe('whether members queue up once all places are taken'),
};

const fieldsOfMembers = z.object(activityFields).omit({ code: true });

export const participationSchema = z.object({
  status: participationStateSchema,
  joined_at: timeSchema,
  requested_at: timeSchema.nullable().describe('when the member asked for the approval of their participation'),
  completed_at: timeSchema.nullable(),
  points: pointsSchema.nullable(),
  reason: z.string().nullable().describe('why the participation was not confirmed'),
});
export type Participation = z.infer<typeof participationSchema>;

/** An activity as members see it: everything but the code. */
export const activitySchema = fieldsOfMembers.extend({
  id: activityIdSchema,
  state: activityStateSchema,
  joined: z.int().describe('places taken'),
  waiting: z.int(),
  participation: participationSchema.nullable().describe("the calling member's own"),
});
export type Activity = z.infer<typeof activitySchema>;

export const activityLists = ['current', 'mine', 'past'] as const;

export const ListActivities = defineQuery({
  name: 'points.list_activities.v1',
  summary: 'Activities that have not ended, those of the member, or those of the past',
  input: pageInputSchema.extend({ list: z.enum(activityLists).default('current') }),
  output: pageSchema(activitySchema),
});

export const GetActivity = defineQuery({
  name: 'points.get_activity.v1',
  summary: 'One activity',
  input: z.object({ id: activityIdSchema }),
  output: activitySchema,
  errors: ['activity.not_found'],
});

export const JoinActivity = defineCommand({
  name: 'points.join_activity.v1',
  summary: 'Take a place in an activity, or queue up for one',
  input: z.object({ id: activityIdSchema }),
  output: activitySchema,
  errors: [
    'activity.not_found',
    'activity.not_open',
    'activity.registration_closed',
    'activity.full',
    'activity.already_joined',
  ],
});

export const LeaveActivity = defineCommand({
  name: 'points.leave_activity.v1',
  summary: 'Give the place back before the activity starts',
  input: z.object({ id: activityIdSchema }),
  output: activitySchema,
  errors: ['activity.not_found', 'activity.not_joined', 'activity.already_started', 'activity.already_completed'],
});

export const CompleteActivity = defineCommand({
  name: 'points.complete_activity.v1',
  summary: 'Show that one took part: by code, by location, or by asking an admin',
  input: z.object({
    id: activityIdSchema,
    code: z.string().trim().min(1).max(64).optional(),
    latitude: latitudeSchema.optional(),
    longitude: longitudeSchema.optional(),
    accuracy_m: z.number().min(0).max(100_000).optional().describe('radius of uncertainty; 0 when unknown'),
    note: noteSchema.optional().describe('for the admin who approves'),
  }),
  output: z.object({
    activity: activitySchema,
    points: pointsSchema.nullable().describe('null while an admin has to approve'),
    balance: pointsSchema.nullable(),
  }),
  errors: [
    'activity.not_found',
    'activity.not_open',
    'activity.not_joined',
    'activity.not_running',
    'activity.already_completed',
    'activity.wrong_way',
    'activity.code_wrong',
    'activity.too_many_tries',
    'activity.too_far',
    'activity.location_too_vague',
  ],
});

const activityFact = { activity_id: activityIdSchema, title: activityTitleSchema };

export const ActivityChanged = defineEvent({
  name: 'points.activity_changed.v1',
  summary: 'An activity was drafted, changed, opened or closed',
  payload: z.object({ ...activityFact, state: activityStateSchema }),
});

export const activityUsersToldAtMost = 500;
const toldUsersSchema = z.array(userIdSchema).max(activityUsersToldAtMost);

export const ActivityCancelled = defineEvent({
  name: 'points.activity_cancelled.v1',
  summary: 'An activity was cancelled; with those who had a place or waited, a part of them in each event',
  payload: z.object({ ...activityFact, starts_at: timeSchema, user_ids: toldUsersSchema }),
});

export const ActivityMoved = defineEvent({
  name: 'points.activity_moved.v1',
  summary: 'An activity takes place at another time; with those who have a place or wait, a part of them in each event',
  payload: z.object({ ...activityFact, starts_at: timeSchema, ends_at: timeSchema, user_ids: toldUsersSchema }),
});

export const ActivityJoined = defineEvent({
  name: 'points.activity_joined.v1',
  summary: 'A member took a place, or queued up',
  payload: z.object({ ...activityFact, user_id: userIdSchema, status: z.enum(['joined', 'waiting']) }),
});

export const ActivityLeft = defineEvent({
  name: 'points.activity_left.v1',
  summary: 'A member gave the place back',
  payload: z.object({ ...activityFact, user_id: userIdSchema }),
});

export const ActivityPlaceFreed = defineEvent({
  name: 'points.activity_place_freed.v1',
  summary: 'The first of those who waited has got a place',
  payload: z.object({ ...activityFact, user_id: userIdSchema, starts_at: timeSchema }),
});

export const ActivityTried = defineEvent({
  name: 'points.activity_tried.v1',
  summary: 'A member asked for approval, or typed a wrong code',
  payload: z.object({ ...activityFact, user_id: userIdSchema, what: z.enum(['approval_asked', 'wrong_code']) }),
});

export const ActivityCompleted = defineEvent({
  name: 'points.activity_completed.v1',
  summary: 'A member has taken part and got the points',
  payload: z.object({
    ...activityFact,
    user_id: userIdSchema,
    way: activityWaySchema,
    points: pointsSchema,
    balance: pointsSchema,
    channel: channelSchema,
  }),
});

export const ActivityRefused = defineEvent({
  name: 'points.activity_refused.v1',
  summary: 'An admin says that a member did not take part',
  payload: z.object({ ...activityFact, user_id: userIdSchema, reason: z.string().nullable() }),
});
