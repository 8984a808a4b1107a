import { z } from 'zod';
import {
  broadcastTextsSchema,
  exchangeNameSchema,
  itemRefusalSchema,
  localeSchema,
  orderStatusSchema,
  pointsSchema,
  rankNames,
  reminderKinds,
  timeSchema,
  VelocityAlarmRaised,
} from '#contracts';
import { activityContents } from '../activity-news/activity-news.schema.js';

/** Who gets the code, and which: closed until it is sent. */
const sealedCode = { verification_id: z.string(), sealed_code: z.string() };

/** What each template needs to know. Kept as JSON in the delivery; the sentence is made when it is sent, in the language of that moment. */
const deliveryContentSchema = z.discriminatedUnion('template', [
  z.object({ template: z.literal('broadcast'), texts: broadcastTextsSchema, fallback: localeSchema.nullable() }),
  z.object({
    template: z.literal('welcome'),
    kind: z.enum(['trial', 'formal', 'permanent']),
    expires_at: timeSchema.nullable(),
  }),
  z.object({
    template: z.literal('renewed'),
    kind: z.enum(['trial', 'formal', 'permanent']),
    expires_at: timeSchema.nullable(),
  }),
  z.object({ template: z.literal('invitation_thanks'), days: z.int(), expires_at: timeSchema.nullable() }),
  z.object({ template: z.literal('membership_days_given'), days: z.int(), expires_at: timeSchema }),
  z.object({
    template: z.literal('membership_days_taken'),
    days: z.int(),
    expires_at: timeSchema,
    /** The membership ended with the days. */
    is_over: z.boolean(),
  }),
  z.object({ template: z.literal('trial_withdrawn') }),
  z.object({ template: z.literal('membership_reminder'), kind: z.enum(reminderKinds), expires_at: timeSchema }),
  z.object({ template: z.literal('check_in_reminder'), streak_days: z.int() }),
  z.object({ template: z.literal('email_bound'), email: z.string() }),
  z.object({
    template: z.literal('email_bound_mail'),
    email: z.string(),
    undo_token: z.string(),
    undo_expires_at: timeSchema,
  }),
  z.object({ template: z.literal('email_unbound'), email: z.string() }),
  z.object({ template: z.literal('email_code_mail'), ...sealedCode }),
  z.object({ template: z.literal('phone_code'), ...sealedCode }),
  z.object({ template: z.literal('phone_bound'), phone: z.string() }),
  z.object({ template: z.literal('phone_unbound'), phone: z.string() }),
  z.object({ template: z.literal('email_refused'), email: z.string(), reason: z.string() }),
  z.object({
    template: z.literal('check_in_receipt'),
    points: pointsSchema,
    streak_days: z.int(),
    balance: pointsSchema,
  }),
  z.object({ template: z.literal('account_banned'), reason: z.string() }),
  z.object({ template: z.literal('account_unbanned') }),
  z.object({
    template: z.literal('invitation_points'),
    share: z.enum(['inviter', 'invitee']),
    points: pointsSchema,
    balance: pointsSchema,
  }),
  z.object({ template: z.literal('deletion_requested'), due_at: timeSchema }),
  z.object({ template: z.literal('deletion_cancelled') }),
  z.object({ template: z.literal('deletion_reminder'), days: z.int(), due_at: timeSchema }),
  z.object({ template: z.literal('rank_reached'), rank: z.enum(rankNames), stars: z.int(), total_days: z.int() }),
  z.object({
    template: z.literal('order_news'),
    order_id: z.int(),
    name: exchangeNameSchema,
    status: orderStatusSchema,
    points: pointsSchema,
    tracking_number: z.string().nullable(),
    note: z.string().nullable(),
    /** Missing in rows that were written before there was one. */
    refusal: itemRefusalSchema.nullable().default(null),
  }),
  z.object({
    template: z.literal('points_adjusted'),
    points: pointsSchema,
    reason: z.string(),
    balance: pointsSchema,
  }),
  z.object({
    template: z.literal('velocity_alarm'),
    ...VelocityAlarmRaised.payload.pick({
      alarm_id: true,
      rule_name: true,
      user_id: true,
      record_type: true,
      points: true,
      records: true,
      window_minutes: true,
    }).shape,
  }),
  ...activityContents,
  z.object({ template: z.literal('step_up_requested'), device: z.string().nullable() }),
  z.object({ template: z.literal('streak_bonus'), points: pointsSchema, streak_days: z.int() }),
]);
export type DeliveryContent = z.infer<typeof deliveryContentSchema>;
export type ContentOf<Template extends DeliveryContent['template']> = Extract<DeliveryContent, { template: Template }>;

/** @throws when a row holds what no version of the platform wrote. */
export function parseContent(template: string, params: string): DeliveryContent {
  return deliveryContentSchema.parse({ ...(JSON.parse(params) as object), template });
}
