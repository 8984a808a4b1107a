import { z } from 'zod';
import { localeSchema, roleSchema } from './call.js';
import { defineCommand, defineEvent, defineQuery } from './contract.js';
import { membershipSchema } from './entitlement.contracts.js';
import { firstNameSchema, telegramIdSchema, timeSchema, userIdSchema } from './field.schemas.js';

/**
 * Who a member is: the address is masked, points and membership are projections of their
 * owners' events.
 */
export const profileSchema = z.object({
  id: userIdSchema,
  telegram_id: telegramIdSchema,
  kind: z.enum(['person', 'group']),
  first_name: z.string(),
  username: z.string().nullable(),
  status: z.enum(['active', 'banned', 'deletion_pending']),
  role: roleSchema,
  locale: localeSchema,
  email: z.string().nullable().describe('masked, null while no address is bound'),
  points: z.int(),
  membership: membershipSchema,
  created_at: timeSchema,
});
export type Profile = z.infer<typeof profileSchema>;

/** What only the member themselves is told. */
export const ownProfileSchema = profileSchema.extend({
  followers: z
    .int()
    .default(0)
    .describe('how many members follow this one (U-16), without those who are banned or leaving'),
});
export type OwnProfile = z.infer<typeof ownProfileSchema>;

/** First contact with the bot creates the row; later contacts refresh the name (U-01). */
export const MeetUser = defineCommand({
  name: 'user.meet.v1',
  summary: 'Register the first contact of a person or a group with the bot, or refresh what Telegram says about them',
  input: z.object({
    telegram_id: telegramIdSchema,
    kind: z.enum(['person', 'group']).default('person'),
    first_name: firstNameSchema,
    username: z.string().max(64).nullable().default(null),
    language_code: z.string().max(35).nullable().default(null).describe('IETF tag as Telegram sends it'),
  }),
  output: z.object({ profile: profileSchema, created: z.boolean() }),
});

export const FindUserByTelegram = defineQuery({
  name: 'user.find_by_telegram.v1',
  summary: 'The profile that belongs to a Telegram id',
  input: z.object({ telegram_id: telegramIdSchema }),
  output: z.object({ profile: profileSchema }),
  errors: ['user.not_found'],
});

export const GetProfile = defineQuery({
  name: 'user.get_profile.v1',
  summary: 'Who the calling member is',
  input: z.object({}),
  output: ownProfileSchema,
  errors: ['user.not_found'],
  openTo: ['deletion_pending'],
});

export const ChangeLocale = defineCommand({
  name: 'user.change_locale.v1',
  summary: 'Choose the language the platform speaks to the member',
  input: z.object({ locale: localeSchema }),
  output: ownProfileSchema,
  errors: ['user.not_found'],
});

export const UserCreated = defineEvent({
  name: 'user.created.v1',
  summary: 'Somebody met the bot for the first time',
  payload: z.object({
    user_id: userIdSchema,
    telegram_id: telegramIdSchema,
    kind: z.enum(['person', 'group']),
    first_name: z.string(),
    locale: localeSchema,
    identity_hash: z
      .string()
      .optional()
      .describe('keyed hash of the Telegram account: tells the same account after an erasure without naming it'),
    role: roleSchema.optional().describe('who is configured as an admin is one from the first contact on'),
  }),
});

export const UserChanged = defineEvent({
  name: 'user.changed.v1',
  summary: 'Name, language or role of a user changed',
  payload: z.object({ user_id: userIdSchema, first_name: z.string(), locale: localeSchema, role: roleSchema }),
});
