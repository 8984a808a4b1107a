import { z } from 'zod';
import { defineCommand, defineEvent, defineQuery } from './contract.js';
import { daySchema, userIdSchema } from './field.schemas.js';

/** Whom a gateway has seen, in bundles (U-17): a member is named once a day by each gateway, and counts once. */
export const RecordActivity = defineCommand({
  name: 'user.record_activity.v1',
  summary: 'Note which members were there on a day of the community; who was noted already changes nothing',
  input: z.object({ day: daySchema, user_ids: z.array(userIdSchema).min(1).max(1_000) }),
  output: z.object({ counted: z.int() }),
  errors: ['auth.forbidden'],
});

export const ActivityRecorded = defineEvent({
  name: 'user.activity_recorded.v1',
  summary: 'Members were seen for the first time on a day',
  payload: z.object({ day: daySchema, members: z.int() }),
});

/** What admins read about the community (U-17). */
export const GetCommunityStatistics = defineQuery({
  name: 'user.get_community_statistics.v1',
  summary:
    'Members by status, active members, and newcomers, registrations, activity and verifications day by day, on the community’s calendar',
  input: z.object({ from: daySchema, to: daySchema }),
  output: z.object({
    members: z.object({ active: z.int(), banned: z.int(), deletion_pending: z.int() }),
    active_members: z.object({ day: z.int(), week: z.int(), month: z.int() }),
    days: z.array(z.object({ day: daySchema, newcomers: z.int(), registrations: z.int(), active_members: z.int() })),
    verifications: z.record(z.string(), z.int()).describe('by what became of those that were started in the time'),
  }),
  errors: ['auth.forbidden'],
});
