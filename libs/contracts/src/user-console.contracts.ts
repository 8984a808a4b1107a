import { z } from 'zod';
import { defineCommand, defineEvent, defineQuery } from './contract.js';
import { pageInputSchema, pageSchema, timeSchema, userIdSchema } from './field.schemas.js';
import { deviceSchema, tokensSchema } from './user-session.contracts.js';

const usernameSchema = z.string().regex(/^[a-zA-Z][a-zA-Z0-9._-]{2,31}$/);
/** Longer ones are told apart by what they are refused for: bcrypt reads 72 bytes. */
const passwordSchema = z.string().min(1).max(1_024);
const codeSchema = z.string().min(1).max(32).describe('of the authenticator app, or a recovery code');
const passwordHashSchema = z.string().length(60);
const proofSchema = z.string().max(1_024);

const passwordTokenSchema = z.object({
  user_id: userIdSchema,
  username: z.string(),
  set_password_token: z.string().describe('for one use'),
  token_expires_at: timeSchema,
});

const forbidden = ['auth.forbidden', 'auth.step_up_required'] as const;

export const CreateConsoleAccount = defineCommand({
  name: 'user.create_console_account.v1',
  secretReply: true,
  summary: 'Let a member sign in to the admin console with a name and a password, which they set with a token',
  input: z.object({ user_id: userIdSchema, username: usernameSchema }),
  output: passwordTokenSchema,
  errors: [...forbidden, 'user.not_found', 'role.above_own', 'console.username_taken', 'console.account_exists'],
});

export const RenewConsolePassword = defineCommand({
  name: 'user.renew_console_password.v1',
  secretReply: true,
  summary: 'Give a console account a new token to set a password with; the old password and second factor are void',
  input: z.object({ user_id: userIdSchema }),
  output: passwordTokenSchema,
  errors: [...forbidden, 'role.above_own', 'console.account_unknown'],
});

export const CloseConsoleAccount = defineCommand({
  name: 'user.close_console_account.v1',
  summary: 'Take a console account away and end its sessions; the member stays',
  input: z.object({ user_id: userIdSchema }),
  output: z.object({ closed: z.literal(true) }),
  errors: [...forbidden, 'role.above_own', 'console.account_unknown'],
});

export const ListConsoleAccounts = defineQuery({
  name: 'user.list_console_accounts.v1',
  summary: 'The accounts of the admin console',
  input: pageInputSchema,
  output: pageSchema(
    z.object({
      user_id: userIdSchema,
      username: z.string(),
      has_password: z.boolean(),
      has_second_factor: z.boolean(),
      created_at: timeSchema,
    }),
  ),
  errors: ['auth.forbidden'],
});

/** Counts the try before it is looked at: however many come at once, no more than the limit are looked at. */
export const BeginConsoleLogin = defineCommand({
  name: 'user.begin_console_login.v1',
  summary: 'Count a try to sign in under a name, whether there is such a name or not',
  input: z.object({ username: z.string().min(1).max(64) }),
  output: z.object({ counted: z.literal(true) }),
  errors: ['auth.locked_out'],
});

/** Outside of any transaction, because it takes a quarter of a second by intention. */
export const CheckConsolePassword = defineQuery({
  name: 'user.check_console_password.v1',
  summary: 'Whether a password is right, as a proof that only the owner can read',
  input: z.object({ username: z.string().min(1).max(64), password: passwordSchema }),
  output: z.object({ proof: proofSchema }),
});

/** The console name of the calling member, for a confirmation by password. */
export const GetConsoleAccount = defineQuery({
  name: 'user.get_console_account.v1',
  summary: 'The calling member’s console account',
  input: z.object({}),
  output: z.object({ username: z.string(), has_password: z.boolean(), has_second_factor: z.boolean() }),
  errors: ['console.account_unknown'],
});

export const HashConsolePassword = defineQuery({
  name: 'user.hash_console_password.v1',
  summary: 'What is kept of a new password, if it is good enough',
  input: z.object({ password: passwordSchema }),
  output: z.object({ password_hash: passwordHashSchema }),
  errors: ['auth.password_unsuitable'],
});

export const SignInToConsole = defineCommand({
  name: 'user.sign_in_to_console.v1',
  secretReply: true,
  summary: 'Sign in to the admin console with name, password and, where it is on, a second factor',
  input: z.object({ proof: proofSchema, code: codeSchema.optional(), device: deviceSchema }),
  output: tokensSchema,
  errors: ['auth.console_login_failed', 'auth.code_required', 'auth.code_invalid', 'user.banned', 'user.being_erased'],
});

export const SetConsolePassword = defineCommand({
  name: 'user.set_console_password.v1',
  summary: 'Set the password of a console account with the token that was handed over',
  input: z.object({ token: z.string().min(20).max(128), password_hash: passwordHashSchema }),
  output: z.object({ username: z.string() }),
  errors: ['console.token_invalid'],
});

export const ChangeConsolePassword = defineCommand({
  name: 'user.change_console_password.v1',
  summary: 'Change the password of one’s console account; its other sessions end',
  input: z.object({ proof: proofSchema, password_hash: passwordHashSchema }),
  output: z.object({ changed: z.literal(true) }),
  errors: ['auth.console_login_failed', 'console.account_unknown'],
});

export const StartSecondFactor = defineCommand({
  name: 'user.start_second_factor.v1',
  secretReply: true,
  summary: 'Get a secret for an authenticator app; it counts once a code of it is confirmed',
  input: z.object({}),
  output: z.object({ secret: z.string(), otpauth_uri: z.string() }),
  errors: ['auth.step_up_required', 'console.account_unknown', 'console.second_factor_on'],
});

export const ConfirmSecondFactor = defineCommand({
  name: 'user.confirm_second_factor.v1',
  secretReply: true,
  summary: 'Turn the second factor on with a code of the app; the answer holds the recovery codes, once',
  input: z.object({ code: z.string().regex(/^[0-9]{6}$/) }),
  output: z.object({ recovery_codes: z.array(z.string()) }),
  errors: ['console.account_unknown', 'console.second_factor_on', 'auth.code_invalid', 'auth.locked_out'],
});

export const RemoveSecondFactor = defineCommand({
  name: 'user.remove_second_factor.v1',
  summary: 'Turn the second factor off',
  input: z.object({}),
  output: z.object({ removed: z.literal(true) }),
  errors: ['auth.step_up_required', 'console.account_unknown', 'console.second_factor_off'],
});

export const ConsoleAccountChanged = defineEvent({
  name: 'user.console_account_changed.v1',
  summary: 'A console account was made, renewed or closed, or its password or second factor changed',
  payload: z.object({
    user_id: userIdSchema,
    username: z.string(),
    what: z.enum([
      'created',
      'renewed',
      'closed',
      'password_set',
      'password_changed',
      'second_factor_started',
      'second_factor_on',
      'second_factor_off',
      'recovery_code_used',
    ]),
  }),
});

export const ConsoleLoginTried = defineEvent({
  name: 'user.console_login_tried.v1',
  summary: 'Somebody tried to sign in to the admin console; names that do not exist are not written down',
  payload: z.object({
    user_id: userIdSchema.nullable(),
    outcome: z.enum(['counted', 'locked_out', 'wrong_password', 'wrong_code']),
  }),
});
