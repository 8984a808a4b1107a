import { z } from 'zod';
import { localeSchema, roleSchema } from './call.js';
import { defineCommand, defineEvent, defineQuery } from './contract.js';
import { membershipSchema } from './entitlement.contracts.js';
import { daySchema, emailSchema, telegramIdSchema, timeSchema, userIdSchema } from './field.schemas.js';

const firstName = z.string().min(1).max(128);

/** Who a member is to themselves (`GET /v1/users/me`): the address is masked, points and membership are projections of their owners' events. */
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

/** First contact with the bot creates the row; later contacts refresh the name (U-01). */
export const MeetUser = defineCommand({
  name: 'user.meet.v1',
  summary: 'Register the first contact of a person or a group with the bot, or refresh what Telegram says about them',
  input: z.object({
    telegram_id: telegramIdSchema,
    kind: z.enum(['person', 'group']).default('person'),
    first_name: firstName,
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
  output: profileSchema,
  errors: ['user.not_found'],
});

export const ChangeLocale = defineCommand({
  name: 'user.change_locale.v1',
  summary: 'Choose the language the platform speaks to the member',
  input: z.object({ locale: localeSchema }),
  output: profileSchema,
  errors: ['user.not_found'],
});

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
    first_name: firstName,
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

export const verificationStatusSchema = z.enum(['pending', 'bound', 'refused', 'expired', 'replaced']);

/** Reverse verification, step one (U-07): names the address, gets the code to mail from it. */
export const StartEmailVerification = defineCommand({
  name: 'user.start_email_verification.v1',
  summary: 'Issue a 6-digit code that must be mailed to the community mailbox from the named address within 10 minutes',
  input: z.object({ email: emailSchema }),
  output: z.object({
    id: z.string(),
    code: z.string().regex(/^[0-9]{6}$/),
    mailbox: z.string(),
    email: z.string(),
    expires_at: timeSchema,
  }),
  errors: [
    'verification.address_invalid',
    'verification.address_blocked',
    'verification.address_taken',
    'verification.already_bound',
    'verification.too_many_codes',
    'verification.too_many_requests',
    'verification.locked_out',
    'user.not_found',
    'user.banned',
  ],
});

export const GetEmailVerification = defineQuery({
  name: 'user.get_email_verification.v1',
  summary: 'How far a verification is; never tells the code again',
  input: z.object({ id: z.string().max(64) }),
  output: z.object({
    id: z.string(),
    status: verificationStatusSchema,
    email: z.string().describe('masked'),
    mailbox: z.string(),
    refusal: z.string().nullable().describe('why the last mail was refused, as a stable word'),
    expires_at: timeSchema,
  }),
  errors: ['verification.not_found'],
});

const inspectedMailSchema = z.object({
  decision: z.enum(['accept', 'refuse', 'ignore']),
  reason: z.string().max(64).nullable(),
  grade: z.enum(['normal', 'low']).nullable(),
  from_address: z.string().max(320).nullable(),
  codes: z.array(z.string().regex(/^[0-9]{6}$/)).max(3),
  message_id: z.string().max(998).nullable(),
  signature_hash: z.string().max(128).nullable(),
  evidence: z.record(z.string(), z.unknown()),
});

/** Sent by the mailbox listener to its own service: the mail's effect and the cursor are one transaction. */
export const ReceiveVerificationMail = defineCommand({
  name: 'user.receive_verification_mail.v1',
  summary: 'Judge one mail that arrived in the community mailbox',
  input: z.object({
    mail: inspectedMailSchema,
    cursor: z.object({
      mailbox: z.string().max(128),
      folder: z.string().max(128),
      uid_validity: z.string().max(32),
      last_uid: z.int(),
    }),
  }),
  output: z.object({ outcome: z.string(), user_id: userIdSchema.nullable() }),
});

/** The reply mail's undo link (U-07), valid for 24 hours. */
export const UndoEmailBinding = defineCommand({
  name: 'user.undo_email_binding.v1',
  summary: 'Take a binding back with the token from the reply mail',
  input: z.object({ token: z.string().min(20).max(128) }),
  output: z.object({ email: z.string().describe('masked') }),
  errors: ['verification.undo_not_possible'],
});

/** Exists in the embedded mode only. */
export const DropDevelopmentMail = defineCommand({
  name: 'user.drop_development_mail.v1',
  summary: 'Put a properly signed mail into the embedded mailbox, embedded mode only',
  input: z.object({
    from: emailSchema,
    subject: z.string().max(998).default(''),
    text: z.string().max(20_000).default(''),
  }),
  output: z.object({ accepted: z.literal(true) }),
  errors: ['verification.address_invalid'],
});

export const auditEntrySchema = z.object({
  id: z.string(),
  at: timeSchema,
  service: z.string(),
  event: z.string(),
  actor: z.string().describe('user:<id>, system:<name> or visitor'),
  user_id: userIdSchema.nullable().describe('whom it concerns'),
  request_id: z.string(),
  channel: z.string(),
  ip: z.string().nullable(),
  before: z.unknown().nullable(),
  after: z.unknown().nullable(),
});
export type AuditEntryView = z.infer<typeof auditEntrySchema>;

/** Who did what, before and after (O-04), newest first. For admins. */
export const SearchAuditLog = defineQuery({
  name: 'user.search_audit_log.v1',
  summary: 'Audit entries by member, actor, event, request and time, newest first',
  input: z.object({
    user_id: userIdSchema.optional(),
    actor: z.string().max(80).optional(),
    event: z.string().max(128).optional(),
    request_id: z.string().max(64).optional(),
    from: timeSchema.optional(),
    to: timeSchema.optional(),
    before_id: z.string().max(64).optional().describe('the last id of the page before'),
    limit: z.int().min(1).max(100).default(50),
  }),
  output: z.object({ items: z.array(auditEntrySchema), next_before_id: z.string().nullable() }),
  errors: ['auth.forbidden'],
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
  }),
});

export const UserChanged = defineEvent({
  name: 'user.changed.v1',
  summary: 'Name, language or role of a user changed',
  payload: z.object({ user_id: userIdSchema, first_name: z.string(), locale: localeSchema, role: roleSchema }),
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

export const EmailVerificationStarted = defineEvent({
  name: 'user.email_verification_started.v1',
  summary: 'A code was issued',
  payload: z.object({ user_id: userIdSchema, verification_id: z.string(), email: z.string().describe('masked') }),
});

export const EmailVerificationRefused = defineEvent({
  name: 'user.email_verification_refused.v1',
  summary: 'A mail for a waiting verification was not believed or did not fit',
  payload: z.object({
    user_id: userIdSchema,
    verification_id: z.string(),
    email: z.string().describe('masked'),
    reason: z.string(),
  }),
});

export const VerificationMailDiscarded = defineEvent({
  name: 'user.verification_mail_discarded.v1',
  summary: 'A mail in the community mailbox belonged to no waiting verification',
  payload: z.object({ reason: z.string(), from: z.string().nullable().describe('masked') }),
});

export const EmailBound = defineEvent({
  name: 'user.email_bound.v1',
  summary: "A mailbox was proven and is now the member's address",
  payload: z.object({
    user_id: userIdSchema,
    verification_id: z.string(),
    email: emailSchema,
    undo_token: z.string().describe('goes into the reply mail only'),
    undo_expires_at: timeSchema,
  }),
});

export const EmailUnbound = defineEvent({
  name: 'user.email_unbound.v1',
  summary: 'A binding was taken back',
  payload: z.object({ user_id: userIdSchema, email: emailSchema, reason: z.enum(['undo_link']) }),
});

export const DevelopmentMailDropped = defineEvent({
  name: 'user.development_mail_dropped.v1',
  summary: 'A mail was put into the embedded mailbox',
  payload: z.object({ from: z.string().describe('masked'), day: daySchema }),
});
