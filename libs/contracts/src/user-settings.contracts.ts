import { z } from 'zod';
import { localeSchema } from './call.js';
import { defineCommand, defineEvent, defineQuery } from './contract.js';
import { dateSchema, timeSchema, userIdSchema } from './field.schemas.js';

/** Where a member is at home: as coarse as they like, each part only together with the one before it. */
export const regionSchema = z.object({
  country: z.string().length(2).nullable().describe('ISO 3166-1 alpha-2, for example CN'),
  province: z.string().max(6).nullable().describe('ISO 3166-2, for example CN-SH'),
  city: z.string().max(64).nullable().describe('free text'),
});

/** What a member is reminded of. */
export const remindersSchema = z.object({
  check_in: z.boolean(),
  check_in_at: z.string().describe('HH:MM in the member’s own timezone'),
  membership: z.boolean(),
});

/** Everything a member says about themselves and wants (U-11). */
export const userSettingsSchema = z.object({
  nickname: z.string().nullable().describe('null: the name Telegram tells'),
  avatar_url: z.string().nullable(),
  locale: localeSchema,
  timezone: z.string().describe('IANA name'),
  birthday: dateSchema.nullable(),
  region: regionSchema,
  show_in_leaderboards: z.boolean(),
  reminders: remindersSchema,
});
export type SettingsOfUser = z.infer<typeof userSettingsSchema>;

/** What a complete profile has. */
export const profileParts = ['nickname', 'avatar_url', 'timezone', 'birthday', 'country', 'city'] as const;

export const settingsViewSchema = userSettingsSchema.extend({
  timezone: userSettingsSchema.shape.timezone.describe('IANA name; the community’s while none is chosen'),
  completion: z.object({
    percent: z.int().min(0).max(100),
    missing: z.array(z.enum(profileParts)),
    completed_at: timeSchema.nullable().describe('when the profile was complete for the first time'),
  }),
});

export const GetSettings = defineQuery({
  name: 'user.get_settings.v1',
  summary: 'The calling member’s profile and settings, and how complete the profile is',
  input: z.object({}),
  output: settingsViewSchema,
  errors: ['user.not_found'],
});

const settingsErrors = [
  'user.not_found',
  'profile.nickname_not_allowed',
  'profile.avatar_not_allowed',
  'profile.timezone_unknown',
  'profile.birthday_impossible',
  'profile.region_unknown',
] as const;

/** A field that is left out stays; null takes a value away. A region is given as a whole. */
export const ChangeSettings = defineCommand({
  name: 'user.change_settings.v1',
  summary: 'Change the calling member’s profile and settings',
  input: z.object({
    nickname: z.string().max(128).nullable().optional(),
    avatar_url: z.string().max(512).nullable().optional(),
    locale: localeSchema.optional(),
    timezone: z.string().max(64).optional(),
    birthday: dateSchema.nullable().optional(),
    region: z
      .object({
        country: z.string().max(2).nullable().default(null),
        province: z.string().max(6).nullable().default(null),
        city: z.string().max(128).nullable().default(null),
      })
      .optional(),
    show_in_leaderboards: z.boolean().optional(),
    reminders: z
      .object({
        check_in: z.boolean().optional(),
        check_in_at: z
          .string()
          .regex(/^(?:[01][0-9]|2[0-3]):[0-5][0-9]$/)
          .optional(),
        membership: z.boolean().optional(),
      })
      .optional(),
  }),
  output: settingsViewSchema,
  errors: settingsErrors,
});

/**
 * The settings as they stand now, with a version that grows by one: a reader keeps the row with the highest. `display_name` is the
 * nickname, or where there is none the name Telegram tells.
 */
export const UserSettingsChanged = defineEvent({
  name: 'user.settings_changed.v1',
  summary: 'A member changed their profile or settings: name, language, timezone, region, privacy, reminders',
  payload: userSettingsSchema.extend({
    user_id: userIdSchema,
    version: z.int().positive(),
    display_name: z.string(),
    changed: z.array(z.string()).describe('the names of the fields that are new'),
    changed_at: timeSchema,
  }),
});

export const ProfileCompleted = defineEvent({
  name: 'user.profile_completed.v1',
  summary: 'A member filled in the whole profile for the first time; happens once',
  payload: z.object({ user_id: userIdSchema, completed_at: timeSchema }),
});
