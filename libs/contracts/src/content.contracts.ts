import { z } from 'zod';
import { defineCommand, defineEvent, defineQuery } from './contract.js';
import { pageInputSchema, pageSchema, pointsSchema, reasonSchema, timeSchema, userIdSchema } from './field.schemas.js';

export const contentKinds = ['text', 'link', 'photo'] as const;
export const contentKindSchema = z.enum(contentKinds);
export type ContentKind = z.infer<typeof contentKindSchema>;

export const contentStates = ['pending', 'approved', 'rejected', 'withdrawn'] as const;
export const contentStateSchema = z.enum(contentStates);
export type ContentState = z.infer<typeof contentStateSchema>;

const contentIdSchema = z.int().positive().max(999_999_999);
const titleSchema = z.string().trim().min(1).max(120);

export const contentSchema = z.object({
  id: contentIdSchema,
  user_id: userIdSchema,
  kind: contentKindSchema,
  title: z.string(),
  text: z.string().nullable(),
  link: z.string().nullable(),
  photo_file_id: z.string().nullable().describe("Telegram's name of the photo, for the community's bot"),
  status: contentStateSchema,
  points: pointsSchema.nullable(),
  reason: z.string().nullable().describe('why it was rejected'),
  submitted_at: timeSchema,
  decided_at: timeSchema.nullable(),
});
export type Content = z.infer<typeof contentSchema>;

/** P-05: a member's work for the community, worth 5 to 50 points once an admin has looked at it. */
export const SubmitContent = defineCommand({
  name: 'points.submit_content.v1',
  summary: 'Hand in a text, a link or a photo for publication',
  input: z.object({
    kind: contentKindSchema,
    title: titleSchema,
    text: z.string().trim().min(1).max(4000).optional(),
    link: z.string().trim().min(1).max(500).optional().describe('an https address'),
    photo_file_id: z
      .string()
      .regex(/^[A-Za-z0-9_-]{1,200}$/)
      .optional(),
    photo_unique_id: z
      .string()
      .regex(/^[A-Za-z0-9_-]{1,64}$/)
      .optional()
      .describe('the same for the same photo, by which a duplicate is known; with a photo only'),
  }),
  output: z.object({ content: contentSchema, left_today: z.int() }),
  errors: ['content.invalid', 'content.duplicate', 'content.too_many_today'],
});

export const WithdrawContent = defineCommand({
  name: 'points.withdraw_content.v1',
  summary: 'Take back what has not been decided about',
  input: z.object({ id: contentIdSchema }),
  output: contentSchema,
  errors: ['content.not_found', 'content.decided_already'],
});

export const ListOwnContents = defineQuery({
  name: 'points.list_own_contents.v1',
  summary: 'What the calling member has handed in, newest first',
  input: pageInputSchema,
  output: pageSchema(contentSchema),
});

export const ListPublishedContents = defineQuery({
  name: 'points.list_published_contents.v1',
  summary: 'What was approved, newest first',
  input: pageInputSchema,
  output: pageSchema(contentSchema.omit({ reason: true })),
});

export const ListSubmittedContents = defineQuery({
  name: 'points.list_submitted_contents.v1',
  summary: 'What members have handed in: those that wait in the order in which they came, all others newest first',
  input: pageInputSchema.extend({ status: contentStateSchema.default('pending'), user_id: userIdSchema.optional() }),
  output: pageSchema(contentSchema),
  errors: ['auth.forbidden'],
});

export const DecideContent = defineCommand({
  name: 'points.decide_content.v1',
  summary: 'Approve a submission with points, or reject it with a reason',
  input: z.object({
    id: contentIdSchema,
    approved: z.boolean(),
    points: z.int().min(5).max(50).nullable().default(null).describe('what an approved one is worth'),
    reason: reasonSchema.nullable().default(null).describe('told to the member when rejected'),
  }),
  output: contentSchema,
  errors: ['auth.forbidden', 'content.not_found', 'content.invalid', 'content.decided_already', 'content.own'],
});

const contentFact = {
  content_id: contentIdSchema,
  user_id: userIdSchema,
  kind: contentKindSchema,
  title: z.string(),
};

export const ContentSubmitted = defineEvent({
  name: 'points.content_submitted.v1',
  summary: 'A member handed something in',
  payload: z.object(contentFact),
});

export const ContentWithdrawn = defineEvent({
  name: 'points.content_withdrawn.v1',
  summary: 'A member took back what was not decided about yet',
  payload: z.object(contentFact),
});

export const ContentApproved = defineEvent({
  name: 'points.content_approved.v1',
  summary: 'A submission was approved, and its member got points',
  payload: z.object({ ...contentFact, points: pointsSchema, balance: pointsSchema }),
});

export const ContentRejected = defineEvent({
  name: 'points.content_rejected.v1',
  summary: 'A submission was rejected',
  payload: z.object({ ...contentFact, reason: z.string() }),
});
