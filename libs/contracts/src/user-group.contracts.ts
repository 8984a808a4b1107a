import { z } from 'zod';
import { defineCommand, defineQuery } from './contract.js';
import { pageInputSchema, pageSchema, telegramIdSchema, timeSchema, userIdSchema } from './field.schemas.js';

/** In the group, out of it, or not known: nobody is ever removed for being `unknown` (U-12). */
export const standings = ['in', 'out', 'unknown'] as const;
export const standingSchema = z.enum(standings);
export type Standing = z.infer<typeof standingSchema>;

/** What Telegram makes of a question about somebody: says what they are, does not know them, or does not say. */
export const rosterCheckResultSchema = z.enum(['answered', 'not_known', 'refused']);

/** How the platform came to know somebody in a group. */
export const sightingSources = [
  'chat_member',
  'join_request',
  'service_message',
  'message',
  'administrators',
  'lookup',
  'import',
] as const;
export const sightingSourceSchema = z.enum(sightingSources);
export type SightingSource = z.infer<typeof sightingSourceSchema>;

/** What Telegram calls somebody's place in a chat. */
export const chatMemberStatuses = ['creator', 'administrator', 'member', 'restricted', 'left', 'kicked'] as const;
export const chatMemberStatusSchema = z.enum(chatMemberStatuses);

/** A group as an update shows it. */
export const groupChatSchema = z.object({
  chat_id: telegramIdSchema,
  kind: z.enum(['group', 'supergroup']),
  title: z.string().min(1).max(255),
  username: z.string().max(64).nullable().default(null),
});

/** When Telegram said it: its time has whole seconds, so the update's number decides within one. */
const saidSchema = { at: timeSchema, order: z.int().nonnegative().max(Number.MAX_SAFE_INTEGER).default(0) };

export const sightingSchema = z.object({
  telegram_id: telegramIdSchema,
  first_name: z.string().max(128),
  username: z.string().max(64).nullable().default(null),
  standing: standingSchema,
  telegram_status: chatMemberStatusSchema.nullable().default(null),
  source: sightingSourceSchema,
  ...saidSchema,
});
export type Sighting = z.output<typeof sightingSchema>;

export const sightingsAtMost = 200;

/** Feeds the roster (U-12). Older news never overwrites newer, in whatever order it comes. */
export const RecordGroupSightings = defineCommand({
  name: 'user.record_group_sightings.v1',
  summary: 'Note who was seen in a group, and what that says about them',
  input: z.object({ chat: groupChatSchema, sightings: z.array(sightingSchema).min(1).max(sightingsAtMost) }),
  output: z.object({ group_id: z.int(), changed: z.int() }),
  errors: ['auth.forbidden'],
});

/** What the bot itself is in a group, and what it may do there. */
export const RecordGroupBot = defineCommand({
  name: 'user.record_group_bot.v1',
  summary: "Note the bot's place and rights in a group",
  input: z.object({
    chat: groupChatSchema,
    status: chatMemberStatusSchema,
    rights: z.array(z.string().max(64)).max(64).describe('names of the rights it has'),
    ...saidSchema,
  }),
  output: z.object({ group_id: z.int(), missing_rights: z.array(z.string()) }),
  errors: ['auth.forbidden'],
});

/** A group became a supergroup: another chat id, the same people. May come twice, and before or after other news of either chat. */
export const MigrateGroup = defineCommand({
  name: 'user.migrate_group.v1',
  summary: 'Carry a group over to the chat id of its supergroup',
  input: z.object({ from_chat_id: telegramIdSchema, chat: groupChatSchema, ...saidSchema }),
  output: z.object({ group_id: z.int(), members_moved: z.int() }),
  errors: ['auth.forbidden'],
});

/** Which kinds of updates Telegram sends us, as asked of Telegram at the start. */
export const RecordUpdateTypes = defineCommand({
  name: 'user.record_update_types.v1',
  summary: 'Note how updates arrive and which kinds are missing',
  input: z.object({
    mode: z.enum(['webhook', 'polling']),
    missing: z.array(z.string().max(64)).max(64),
    at: timeSchema,
  }),
  output: z.object({ changed: z.boolean() }),
  errors: ['auth.forbidden'],
});

export const groupSchema = z.object({
  id: z.int(),
  chat_id: telegramIdSchema,
  kind: z.enum(['group', 'supergroup']),
  title: z.string(),
  username: z.string().nullable(),
  bot_status: chatMemberStatusSchema.nullable().describe('null while nobody has looked'),
  missing_rights: z.array(z.string()),
  bot_checked_at: timeSchema.nullable(),
  members: z.object({ in: z.int(), out: z.int(), unknown: z.int() }),
  updated_at: timeSchema,
});

export const ListGroups = defineQuery({
  name: 'user.list_groups.v1',
  summary: 'The groups the bot knows, with how many people were seen in each',
  input: pageInputSchema,
  output: pageSchema(groupSchema),
  errors: ['auth.forbidden'],
});

export const groupMemberSchema = z.object({
  telegram_id: telegramIdSchema,
  user_id: userIdSchema.nullable().describe('null for somebody who has never met the bot'),
  first_name: z.string(),
  username: z.string().nullable(),
  standing: standingSchema,
  telegram_status: chatMemberStatusSchema.nullable(),
  source: sightingSourceSchema,
  standing_since: timeSchema.nullable(),
  first_seen_at: timeSchema,
  last_seen_at: timeSchema,
  checked_at: timeSchema.nullable().default(null).describe('when Telegram was last asked about them and replied'),
  check_result: rosterCheckResultSchema
    .nullable()
    .default(null)
    .describe('what came of asking last, whether or not it replied'),
});

export const groupMembersInput = pageInputSchema.extend({
  group_id: z.int().positive(),
  standing: standingSchema.optional(),
  source: sightingSourceSchema.optional(),
  known: z.boolean().optional().describe('only those who have met the bot, or only those who have not'),
});

export const ListGroupMembers = defineQuery({
  name: 'user.list_group_members.v1',
  summary: 'The roster of a group, last seen first',
  input: groupMembersInput,
  output: pageSchema(groupMemberSchema),
  errors: ['auth.forbidden', 'group.not_found'],
});

export const importedRowSchema = z.object({
  telegram_id: z.string().max(64),
  first_name: z.string().max(256).optional(),
  username: z.string().max(64).optional(),
  standing: standingSchema.default('in'),
});

export const importRowsAtMost = 500;
export const importOutcomes = ['added', 'updated', 'kept', 'refused'] as const;
export const importProblems = ['not_an_id', 'not_a_person', 'twice'] as const;

/** What Telegram itself has said about somebody outweighs an import. */
export const ImportGroupMembers = defineCommand({
  name: 'user.import_group_members.v1',
  summary: 'Add people to the roster of a group, each row with what became of it',
  input: z.object({
    group_id: z.int().positive(),
    rows: z.array(importedRowSchema).min(1).max(importRowsAtMost),
  }),
  output: z.object({
    rows: z.array(
      z.object({
        row: z.int().describe('counted from 1'),
        telegram_id: z.string(),
        outcome: z.enum(importOutcomes),
        problem: z.enum(importProblems).nullable(),
      }),
    ),
    totals: z.object({ added: z.int(), updated: z.int(), kept: z.int(), refused: z.int() }),
  }),
  errors: ['auth.forbidden', 'group.not_found'],
});

/** Whether the bot can do its work: the kinds of updates it gets, and its rights in each group. */
export const GetBotReadiness = defineQuery({
  name: 'user.get_bot_readiness.v1',
  summary: 'What the bot lacks: kinds of updates, and rights in its groups',
  input: z.object({}),
  output: z.object({
    ready: z.boolean(),
    updates: z
      .object({ mode: z.enum(['webhook', 'polling']), missing: z.array(z.string()), checked_at: timeSchema })
      .nullable(),
    groups: z.array(
      z.object({
        id: z.int(),
        chat_id: telegramIdSchema,
        title: z.string(),
        bot_status: chatMemberStatusSchema.nullable(),
        missing_rights: z.array(z.string()),
        checked_at: timeSchema.nullable(),
      }),
    ),
  }),
  errors: ['auth.forbidden'],
});
