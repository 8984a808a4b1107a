import { z } from 'zod';
import { localeSchema } from './call.js';
import { defineCommand, defineEvent, defineQuery } from './contract.js';
import { membershipStateSchema } from './entitlement.contracts.js';
import {
  pageInputSchema,
  pageSchema,
  telegramIdSchema,
  timeSchema,
  userIdSchema,
  wishedTimeSchema,
} from './field.schemas.js';

export const broadcastStatuses = [
  'draft',
  'scheduled',
  'sending',
  'paused',
  'finished',
  'cancelled',
  'expired',
] as const;
export const broadcastStatusSchema = z.enum(broadcastStatuses);
export type BroadcastStatus = z.infer<typeof broadcastStatusSchema>;

/** Room for Telegram's 4096 with what escaping adds. */
const broadcastText = z.string().trim().min(1).max(3_500);

/** The message in each language it was written in. What is typed is sent as it is: no markup. */
export const broadcastTextsSchema = z.object({
  zh: broadcastText.optional(),
  en: broadcastText.optional(),
  ru: broadcastText.optional(),
});
export type BroadcastTexts = z.infer<typeof broadcastTextsSchema>;

/** Whom it is for (N-10); what is left out does not narrow. All that is given must fit. */
export const segmentSchema = z.object({
  membership: z.array(membershipStateSchema).min(1).max(5).optional().describe('any of these states, as of sending'),
  locales: z.array(localeSchema).min(1).max(3).optional(),
  active_within_days: z.int().min(1).max(365).optional(),
  group_id: z.int().positive().optional().describe('who is known to be in this group'),
});
export type Segment = z.infer<typeof segmentSchema>;

const broadcastFields = {
  title: z.string().trim().min(1).max(100).describe('for the admins only'),
  texts: broadcastTextsSchema,
  fallback: localeSchema
    .nullable()
    .default(null)
    .describe('the language for members in whose own there is no text; null leaves them out'),
  segment: segmentSchema.default({}),
  starts_at: wishedTimeSchema.nullable().default(null).describe('null: as soon as it is confirmed'),
  skip_after_minutes: z
    .int()
    .min(1)
    .max(43_200)
    .default(1_440)
    .describe('counted from the start: whoever it has not reached by then does not get it'),
};

export const broadcastProgressSchema = z.object({
  recipients: z.int().nullable().describe('how many there were when it was confirmed'),
  written: z.int().describe('members who have been gone through and are recipients'),
  left_out: z.int().describe('no text in their language'),
  waiting: z.int(),
  sent: z.int(),
  failed: z.int(),
  cancelled: z.int(),
});

export const broadcastSchema = z.object({
  id: z.int(),
  title: z.string(),
  texts: broadcastTextsSchema,
  fallback: localeSchema.nullable(),
  segment: segmentSchema,
  status: broadcastStatusSchema,
  starts_at: timeSchema.nullable(),
  skip_after_minutes: z.int(),
  expires_at: timeSchema.nullable(),
  created_by: userIdSchema,
  created_at: timeSchema,
  finished_at: timeSchema.nullable(),
  progress: broadcastProgressSchema,
});
export type Broadcast = z.output<typeof broadcastSchema>;

/** A message to many (B-04): a draft first, nothing is sent before it is confirmed. */
export const CreateBroadcast = defineCommand({
  name: 'notification.create_broadcast.v1',
  summary: 'Draft a message to a segment of the members',
  input: z.object(broadcastFields),
  output: broadcastSchema,
  errors: ['auth.forbidden', 'broadcast.no_text', 'broadcast.fallback_without_text', 'broadcast.too_many_drafts'],
});

export const ChangeBroadcast = defineCommand({
  name: 'notification.change_broadcast.v1',
  summary: 'Change a draft',
  input: z.object({
    id: z.int().positive(),
    title: broadcastFields.title.optional(),
    texts: broadcastTextsSchema.optional(),
    fallback: localeSchema.nullable().optional(),
    segment: segmentSchema.optional(),
    starts_at: wishedTimeSchema.nullable().optional(),
    skip_after_minutes: z.int().min(1).max(43_200).optional(),
  }),
  output: broadcastSchema,
  errors: [
    'auth.forbidden',
    'broadcast.not_found',
    'broadcast.wrong_state',
    'broadcast.no_text',
    'broadcast.fallback_without_text',
  ],
});

export const broadcastDigestLength = 16;
/** Stands for texts, segment and time of a draft as they were shown. */
export const broadcastDigestSchema = z.string().regex(new RegExp(`^[0-9a-f]{${broadcastDigestLength}}$`));

/** What confirming would do now: how many get it, in which languages, and how it looks. */
export const PreviewBroadcast = defineQuery({
  name: 'notification.preview_broadcast.v1',
  summary: 'How many members a draft reaches, by language, and how it looks to them',
  input: z.object({ id: z.int().positive() }),
  output: z.object({
    recipients: z.int(),
    left_out: z.int().describe('in the segment, but no text in their language'),
    unreachable: z.int().describe('in the segment, but have blocked the bot'),
    by_locale: z.array(z.object({ locale: localeSchema, members: z.int(), reads: localeSchema.nullable() })),
    minutes: z.int().describe('about how long sending takes'),
    digest: broadcastDigestSchema.describe('of what is shown here: to be given when it is confirmed'),
    messages: z.array(z.object({ locale: localeSchema, html: z.string() })),
  }),
  errors: ['auth.forbidden', 'broadcast.not_found'],
});

export const TestBroadcast = defineCommand({
  name: 'notification.test_broadcast.v1',
  summary: 'Send a draft to oneself, in each language it is written in',
  input: z.object({ id: z.int().positive() }),
  output: z.object({ messages: z.int() }),
  errors: ['auth.forbidden', 'auth.unauthenticated', 'broadcast.not_found'],
});

/** Number and message must still be those that the admin has seen, so that nobody confirms one thing and sends another. */
export const ConfirmBroadcast = defineCommand({
  name: 'notification.confirm_broadcast.v1',
  summary: 'Send a draft, at once or at its time',
  input: z.object({
    id: z.int().positive(),
    recipients: z.int().nonnegative().describe('as the preview said'),
    digest: broadcastDigestSchema.describe('as the preview said: refused when somebody has changed the draft since'),
  }),
  output: broadcastSchema,
  errors: [
    'auth.forbidden',
    'auth.step_up_required',
    'broadcast.not_found',
    'broadcast.wrong_state',
    'broadcast.nobody',
    'broadcast.audience_changed',
    'broadcast.changed_since',
    'broadcast.too_late',
    'broadcast.too_many_running',
  ],
});

export const broadcastActions = ['pause', 'resume', 'cancel'] as const;

export const SteerBroadcast = defineCommand({
  name: 'notification.steer_broadcast.v1',
  summary: 'Pause, resume or cancel a broadcast',
  input: z.object({ id: z.int().positive(), action: z.enum(broadcastActions) }),
  output: broadcastSchema,
  errors: ['auth.forbidden', 'broadcast.not_found', 'broadcast.wrong_state'],
});

export const GetBroadcast = defineQuery({
  name: 'notification.get_broadcast.v1',
  summary: 'A broadcast and how far it has come',
  input: z.object({ id: z.int().positive() }),
  output: broadcastSchema,
  errors: ['auth.forbidden', 'broadcast.not_found'],
});

export const ListBroadcasts = defineQuery({
  name: 'notification.list_broadcasts.v1',
  summary: 'Broadcasts, newest first',
  input: pageInputSchema.extend({ status: broadcastStatusSchema.optional() }),
  output: pageSchema(broadcastSchema),
  errors: ['auth.forbidden'],
});

export const BroadcastChanged = defineEvent({
  name: 'notification.broadcast_changed.v1',
  summary: 'A broadcast was drafted, changed, confirmed, paused, resumed or cancelled, or came to its end',
  payload: z.object({
    broadcast_id: z.int(),
    title: z.string(),
    status: broadcastStatusSchema,
    previous: broadcastStatusSchema.nullable(),
    recipients: z.int().nullable(),
  }),
});

export const BroadcastTested = defineEvent({
  name: 'notification.broadcast_tested.v1',
  summary: 'An admin had a draft sent to themselves',
  payload: z.object({ broadcast_id: z.int(), user_id: userIdSchema, messages: z.int() }),
});

/** Telegram says when a member blocks the bot and when they come back. */
export const RecordReach = defineCommand({
  name: 'notification.record_reach.v1',
  summary: 'Note that a member has blocked the bot, or takes its messages again',
  input: z.object({ telegram_id: telegramIdSchema, reachable: z.boolean(), at: timeSchema }),
  output: z.object({ changed: z.boolean() }),
  errors: ['auth.forbidden'],
});

export const ReachChanged = defineEvent({
  name: 'notification.reach_changed.v1',
  summary: 'A member blocked the bot, or takes its messages again',
  payload: z.object({ user_id: userIdSchema, reachable: z.boolean() }),
});
