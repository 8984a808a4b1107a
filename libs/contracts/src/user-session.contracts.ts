import { z } from 'zod';
import { roleSchema } from './call.js';
import { defineCommand, defineEvent } from './contract.js';
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

const signInErrors = ['auth.init_data_invalid', 'auth.init_data_stale', 'user.banned'] as const;

/** Mini App sign-in (U-14): HMAC and freshness of Telegram's init data are checked. */
export const SignInWithTelegram = defineCommand({
  name: 'user.sign_in_with_telegram.v1',
  secretReply: true,
  summary: 'Exchange Mini App init data for an access and a refresh token',
  input: z.object({ init_data: z.string().min(1).max(8192) }),
  output: tokensSchema,
  errors: signInErrors,
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
  payload: z.object({ user_id: userIdSchema, session_id: z.string(), method: z.enum(['mini_app', 'development']) }),
});

export const SessionEnded = defineEvent({
  name: 'user.session_ended.v1',
  summary: 'A session was closed by its member or because an old refresh token came back',
  payload: z.object({ user_id: userIdSchema, session_id: z.string(), reason: z.enum(['sign_out', 'token_reuse']) }),
});

export const SessionRefreshed = defineEvent({
  name: 'user.session_refreshed.v1',
  summary: 'A refresh token was rotated',
  payload: z.object({ user_id: userIdSchema, session_id: z.string() }),
});
