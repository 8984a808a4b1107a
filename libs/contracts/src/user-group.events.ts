import { z } from 'zod';
import { defineEvent } from './contract.js';
import { telegramIdSchema, timeSchema, userIdSchema } from './field.schemas.js';
import { chatMemberStatusSchema, sightingSourceSchema, standingSchema } from './user-group.contracts.js';

export const GroupMemberChanged = defineEvent({
  name: 'user.group_member_changed.v1',
  summary: 'Somebody is in a group, is out of it, or was seen there for the first time',
  payload: z.object({
    group_id: z.int(),
    chat_id: telegramIdSchema,
    telegram_id: telegramIdSchema,
    user_id: userIdSchema.nullable(),
    standing: standingSchema,
    previous: standingSchema.nullable().describe('null: nobody had seen them here before'),
    source: sightingSourceSchema,
    at: timeSchema,
  }),
});

export const GroupMemberSeen = defineEvent({
  name: 'user.group_member_seen.v1',
  summary: 'Somebody known in a group was seen there again, at most once an hour',
  payload: z.object({
    group_id: z.int(),
    telegram_id: telegramIdSchema,
    user_id: userIdSchema.nullable(),
    source: sightingSourceSchema,
    at: timeSchema,
  }),
});

export const GroupBotChanged = defineEvent({
  name: 'user.group_bot_changed.v1',
  summary: "The bot's place or rights in a group changed",
  payload: z.object({
    group_id: z.int(),
    chat_id: telegramIdSchema,
    title: z.string(),
    status: chatMemberStatusSchema,
    missing_rights: z.array(z.string()),
    previously_missing: z.array(z.string()),
  }),
});

export const GroupMigrated = defineEvent({
  name: 'user.group_migrated.v1',
  summary: 'A group became a supergroup and kept its people',
  payload: z.object({
    from_group_id: z.int(),
    group_id: z.int(),
    from_chat_id: telegramIdSchema,
    chat_id: telegramIdSchema,
    title: z.string(),
    members_moved: z.int(),
  }),
});

export const GroupMembersImported = defineEvent({
  name: 'user.group_members_imported.v1',
  summary: 'An admin brought a list of people into the roster of a group',
  payload: z.object({
    group_id: z.int(),
    title: z.string(),
    added: z.int(),
    updated: z.int(),
    kept: z.int(),
    refused: z.int(),
  }),
});

export const UpdateTypesChanged = defineEvent({
  name: 'user.update_types_changed.v1',
  summary: 'How Telegram sends updates changed, or which kinds are missing',
  payload: z.object({ mode: z.enum(['webhook', 'polling']), missing: z.array(z.string()) }),
});
