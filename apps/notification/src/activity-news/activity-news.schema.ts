import { z } from 'zod';
import { activityTitleSchema, pointsSchema, timeSchema } from '#contracts';

const activity = { title: activityTitleSchema };
const work = { title: z.string() };

/** What is told about activities, submissions (P-05) and rewards by rules (P-06). */
export const activityContents = [
  z.object({
    template: z.literal('activity_completed'),
    ...activity,
    points: pointsSchema,
    balance: pointsSchema,
  }),
  z.object({ template: z.literal('activity_refused'), ...activity, reason: z.string().nullable() }),
  z.object({ template: z.literal('activity_cancelled'), ...activity, starts_at: timeSchema }),
  z.object({ template: z.literal('activity_moved'), ...activity, starts_at: timeSchema, ends_at: timeSchema }),
  z.object({ template: z.literal('activity_place_freed'), ...activity, starts_at: timeSchema }),
  z.object({ template: z.literal('content_approved'), ...work, points: pointsSchema, balance: pointsSchema }),
  z.object({ template: z.literal('content_rejected'), ...work, reason: z.string() }),
  z.object({ template: z.literal('rule_reward'), ...activity, points: pointsSchema, balance: pointsSchema }),
] as const;

export type ActivityContent = z.infer<(typeof activityContents)[number]>;
