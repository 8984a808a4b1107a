import { z } from 'zod';
import { defineCommand, defineEvent, defineQuery } from './contract.js';
import { emailSchema, timeSchema, userIdSchema } from './field.schemas.js';

export const verificationStatusSchema = z.enum(['pending', 'bound', 'refused', 'expired', 'replaced']);

/** Why an address gets no code, whichever way it is proven (U-08). */
export const codeRefusals = [
  'verification.address_invalid',
  'verification.address_blocked',
  'verification.address_taken',
  'verification.already_bound',
  'verification.too_many_codes',
  'verification.too_many_requests',
  'verification.locked_out',
  'user.not_found',
  'user.banned',
] as const;

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
  errors: codeRefusals,
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

const identityHashSchema = z
  .string()
  .describe('keyed hash of the form in which an address is unique: tells the same mailbox without naming it');

export const EmailBound = defineEvent({
  name: 'user.email_bound.v1',
  summary: "A mailbox was proven and is now the member's address",
  payload: z.object({
    user_id: userIdSchema,
    verification_id: z.string(),
    email: emailSchema,
    identity_hash: identityHashSchema,
    undo_token: z.string().describe('goes into the reply mail only'),
    undo_expires_at: timeSchema,
  }),
});

export const CanonicalAddressRenewed = defineEvent({
  name: 'user.canonical_address_renewed.v1',
  summary: "By newer rules a member's mailbox has more spellings than before: it has another hash",
  payload: z.object({ user_id: userIdSchema, identity_hash: identityHashSchema }),
});

export const EmailUnbound = defineEvent({
  name: 'user.email_unbound.v1',
  summary: 'A binding was taken back',
  payload: z.object({ user_id: userIdSchema, email: emailSchema, reason: z.enum(['undo_link']) }),
});

export const DevelopmentMailDropped = defineEvent({
  name: 'user.development_mail_dropped.v1',
  summary: 'A mail was put into the embedded mailbox',
  payload: z.object({ from: z.string().describe('masked') }),
});
