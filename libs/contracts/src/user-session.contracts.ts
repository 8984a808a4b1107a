import { z } from 'zod';
import { roleSchema } from './call.js';
import { defineCommand, defineEvent, defineQuery } from './contract.js';
import { firstNameSchema, telegramIdSchema, timeSchema, userIdSchema } from './field.schemas.js';
import { profileSchema } from './user-identity.contracts.js';

export const tokensSchema = z.object({
  access_token: z.string(),
  token_type: z.literal('Bearer'),
  expires_in: z.int().describe('seconds'),
  refresh_token: z.string(),
  refresh_expires_at: timeSchema,
  user: profileSchema,
});

/** By which way a session was opened. */
export const sessionMethods = ['mini_app', 'login_widget', 'console', 'development'] as const;
export const sessionMethodSchema = z.enum(sessionMethods);
export type SessionMethod = (typeof sessionMethods)[number];

export const sessionEndReasons = ['sign_out', 'token_reuse', 'revoked', 'crowded_out', 'password_changed'] as const;

/** What the client calls itself (User-Agent); the edge fills it in. */
export const deviceSchema = z.string().max(256).nullable().default(null);

const signInErrors = ['auth.init_data_invalid', 'auth.init_data_stale', 'user.banned', 'user.being_erased'] as const;

/** Mini App sign-in (U-14): HMAC and freshness of Telegram's init data are checked. */
export const SignInWithTelegram = defineCommand({
  name: 'user.sign_in_with_telegram.v1',
  secretReply: true,
  summary: 'Exchange Mini App init data for an access and a refresh token',
  input: z.object({ init_data: z.string().min(1).max(8192), device: deviceSchema }),
  output: tokensSchema,
  errors: signInErrors,
});

/** Telegram's Login Widget on a web page (U-14): exactly the fields it hands over, signed with a hash of the bot's token. */
export const SignInWithWidget = defineCommand({
  name: 'user.sign_in_with_widget.v1',
  secretReply: true,
  summary: 'Exchange what Telegram’s Login Widget hands over for an access and a refresh token',
  input: z.object({
    id: z.int().positive().max(Number.MAX_SAFE_INTEGER),
    first_name: z.string().min(1).max(256),
    last_name: z.string().max(256).optional(),
    username: z.string().max(64).optional(),
    photo_url: z.string().max(1024).optional(),
    auth_date: z.int().positive().max(9_999_999_999),
    hash: z.string().min(1).max(128),
    device: deviceSchema,
  }),
  output: tokensSchema,
  errors: ['auth.widget_invalid', 'auth.widget_stale', 'user.banned', 'user.being_erased'],
});

/** Exists in the embedded mode only; elsewhere the owner does not handle it and the gateway has no route. */
export const SignInForDevelopment = defineCommand({
  name: 'user.sign_in_for_development.v1',
  secretReply: true,
  summary: 'Sign in as anybody, embedded mode only',
  input: z.object({
    telegram_id: telegramIdSchema,
    first_name: firstNameSchema,
    language_code: z.string().max(35).default('en'),
    role: roleSchema.optional(),
    device: deviceSchema,
  }),
  output: tokensSchema,
});

export const RefreshSession = defineCommand({
  name: 'user.refresh_session.v1',
  secretReply: true,
  summary: 'Rotate a refresh token; using an old one again ends the whole session',
  input: z.object({ refresh_token: z.string().min(20).max(256) }),
  output: tokensSchema,
  errors: ['auth.refresh_token_invalid', 'auth.refresh_token_reused', 'user.banned'],
});

export const SignOut = defineCommand({
  name: 'user.sign_out.v1',
  summary: 'End the session a refresh token belongs to',
  input: z.object({ refresh_token: z.string().min(20).max(256) }),
  output: z.object({ signed_out: z.literal(true) }),
});

export const UserSignedIn = defineEvent({
  name: 'user.signed_in.v1',
  summary: 'A session was opened',
  payload: z.object({ user_id: userIdSchema, session_id: z.string(), method: sessionMethodSchema }),
});

export const SessionEnded = defineEvent({
  name: 'user.session_ended.v1',
  summary:
    'A session was closed: by its member, because an old refresh token came back, by too many others, by a new password',
  payload: z.object({ user_id: userIdSchema, session_id: z.string(), reason: z.enum(sessionEndReasons) }),
});

export const SessionRefreshed = defineEvent({
  name: 'user.session_refreshed.v1',
  summary: 'A refresh token was rotated',
  payload: z.object({ user_id: userIdSchema, session_id: z.string() }),
});

/** One sign-in as its member sees it. */
export const sessionViewSchema = z.object({
  id: z.string(),
  method: sessionMethodSchema,
  device: z.string().nullable(),
  ip: z.string().nullable().describe('without its last part'),
  created_at: timeSchema,
  last_used_at: timeSchema.describe('when its tokens were renewed last'),
  expires_at: timeSchema,
  current: z.boolean(),
});

export const ListSessions = defineQuery({
  name: 'user.list_sessions.v1',
  summary: 'Where the calling member is signed in, newest first',
  input: z.object({}),
  output: z.object({ items: z.array(sessionViewSchema) }),
});

const sessionIdSchema = z.string().min(1).max(36);

export const RevokeSession = defineCommand({
  name: 'user.revoke_session.v1',
  summary: 'End one of the calling member’s sessions',
  input: z.object({ session_id: sessionIdSchema }),
  output: z.object({ ended: z.literal(true) }),
  errors: ['auth.session_not_found'],
});

export const RevokeOtherSessions = defineCommand({
  name: 'user.revoke_other_sessions.v1',
  summary: 'End all of the calling member’s sessions but the one that asks',
  input: z.object({}),
  output: z.object({ ended: z.int() }),
});
