import { z } from 'zod';
import { defineCommand, defineEvent } from './contract.js';
import { telegramIdSchema, timeSchema } from './field.schemas.js';
import { chatMemberStatusSchema, groupChatSchema } from './user-group.contracts.js';

/** How many rows of rosters are taken, asked about and told of in one go. */
export const rosterChecksAtMost = 100;

/**
 * The next rows of rosters to ask Telegram about (U-12): those it was longest not asked about, of groups in which the bot may
 * ask. Whoever takes rows has them for a while; what is not told of until then is handed out again.
 */
export const TakeRosterChecks = defineCommand({
  name: 'user.take_roster_checks.v1',
  summary: 'Take the rows of rosters that Telegram is to be asked about next',
  input: z.object({ limit: z.int().min(1).max(rosterChecksAtMost) }),
  output: z.object({
    groups: z.array(
      z.object({ group_id: z.int(), chat: groupChatSchema, telegram_ids: z.array(telegramIdSchema).min(1) }),
    ),
    more: z.boolean().describe('further rows may be due'),
  }),
  errors: ['auth.forbidden'],
});

const about = { telegram_id: telegramIdSchema, at: timeSchema };

/** What Telegram said when it was asked about somebody. Only an answer says where they are. */
export const rosterCheckSchema = z.discriminatedUnion('outcome', [
  z.object({
    outcome: z.literal('answered'),
    ...about,
    first_name: z.string().max(128),
    username: z.string().max(64).nullable(),
    standing: z.enum(['in', 'out']),
    telegram_status: chatMemberStatusSchema,
  }),
  z.object({ outcome: z.literal('not_known'), ...about }),
  z.object({ outcome: z.literal('refused'), ...about }),
]);
export type RosterCheck = z.output<typeof rosterCheckSchema>;

/** What became of the rows that were asked about. */
export const rosterCheckOutcomes = ['confirmed', 'changed', 'not_known', 'refused'] as const;
const outcomeCounts = {
  confirmed: z.int().describe('Telegram says what the roster says'),
  changed: z.int().describe('Telegram says something else, and the roster says so now'),
  not_known: z.int().describe('Telegram does not know them: the roster stays as it is'),
  refused: z.int().describe('Telegram would not say: the roster stays as it is'),
};

/** An answer weighs as much as any other word of Telegram's: what came later stays. Who is not in the roster any more is left out. */
export const RecordRosterChecks = defineCommand({
  name: 'user.record_roster_checks.v1',
  summary: 'Note what Telegram said about people in the roster of a group',
  input: z.object({
    group_id: z.int().positive(),
    checks: z.array(rosterCheckSchema).min(1).max(rosterChecksAtMost),
  }),
  output: z.object(outcomeCounts),
  errors: ['auth.forbidden', 'group.not_found'],
});

/** An admin does not want to wait: the whole group goes to the head of the line. */
export const RequestRosterCheck = defineCommand({
  name: 'user.request_roster_check.v1',
  summary: 'Let Telegram be asked now about everybody in the roster of a group',
  input: z.object({ group_id: z.int().positive() }),
  output: z.object({ group_id: z.int(), members: z.int().describe('rows that stand at the head of the line now') }),
  errors: ['auth.forbidden', 'group.not_found', 'group.bot_not_admin'],
});

export const RosterChecksTaken = defineEvent({
  name: 'user.roster_checks_taken.v1',
  summary: 'Rows of rosters were taken to ask Telegram about them',
  payload: z.object({
    taken: z.int(),
    postponed: z.int().describe('rows of groups in which the bot cannot ask'),
    group_ids: z.array(z.int()),
  }),
});

export const GroupRosterChecked = defineEvent({
  name: 'user.group_roster_checked.v1',
  summary: 'Telegram was asked about people in the roster of a group',
  payload: z.object({ group_id: z.int(), chat_id: telegramIdSchema, ...outcomeCounts }),
});

export const RosterCheckRequested = defineEvent({
  name: 'user.roster_check_requested.v1',
  summary: 'An admin asked for the roster of a group to be checked now',
  payload: z.object({ group_id: z.int(), chat_id: telegramIdSchema, title: z.string(), members: z.int() }),
});
