import { z } from 'zod';
import { defineCommand, defineEvent, defineQuery } from './contract.js';
import { timeSchema, userIdSchema } from './field.schemas.js';

export const phoneMethods = ['contact', 'sms'] as const;
const methodSchema = z.enum(phoneMethods);
const maskedPhoneSchema = z.string().describe('masked');
const typedPhoneSchema = z.string().min(3).max(32);
/** As typed by a person: blanks and a hyphen are taken out before it is compared. */
export const typedCodeSchema = z.string().min(1).max(32);
const idSchema = z.string().max(64);

/** U-10 by SMS, step one: names the number, gets a code sent to it. */
export const StartPhoneVerification = defineCommand({
  name: 'user.start_phone_verification.v1',
  summary: 'Send a 6-digit code by SMS to the named number; it is valid for 10 minutes',
  input: z.object({
    phone: typedPhoneSchema.describe('E.164, or as it is dialled within `country`'),
    country: z
      .string()
      .regex(/^[A-Z]{2}$/)
      .optional()
      .describe('ISO 3166-1 alpha-2, for a number without its country code'),
  }),
  output: z.object({ id: z.string(), phone: maskedPhoneSchema, expires_at: timeSchema }),
  errors: [
    'phone.invalid',
    'phone.taken',
    'phone.already_bound',
    'verification.too_many_codes',
    'verification.too_many_requests',
    'verification.locked_out',
    'user.not_found',
    'user.banned',
  ],
});

/** U-10 by SMS, step two. */
export const ConfirmPhoneVerification = defineCommand({
  name: 'user.confirm_phone_verification.v1',
  summary: 'Bind the number with the code that came by SMS',
  input: z.object({ id: idSchema, code: typedCodeSchema }),
  output: z.object({ phone: maskedPhoneSchema, bound_at: timeSchema }),
  errors: [
    'verification.not_found',
    'verification.code_wrong',
    'verification.code_over',
    'verification.locked_out',
    'phone.taken',
    'user.not_found',
    'user.banned',
  ],
});

/** U-10 by Telegram: remembers that the bot asked for the contact, for a few minutes. */
export const AskForPhoneContact = defineCommand({
  name: 'user.ask_for_phone_contact.v1',
  summary: 'Remember that the member was asked in the bot to share their own contact',
  input: z.object({}),
  output: z.object({ expires_at: timeSchema }),
  errors: ['auth.forbidden', 'user.not_found', 'user.banned'],
});

/** U-10 by Telegram: the contact as it arrived. Which one counts is decided by its owner, not by the bot. */
export const BindPhoneByContact = defineCommand({
  name: 'user.bind_phone_by_contact.v1',
  summary: "Bind the number of the member's own Telegram contact",
  input: z.object({
    phone: typedPhoneSchema,
    contact_user_id: z.string().max(32).nullable().describe('whose card it is, as Telegram says'),
    chat_type: z.string().max(32),
    forwarded: z.boolean(),
  }),
  output: z.object({ phone: maskedPhoneSchema, bound_at: timeSchema }),
  errors: [
    'auth.forbidden',
    'phone.invalid',
    'phone.taken',
    'phone.already_bound',
    'phone.contact_not_own',
    'phone.contact_not_asked',
    'user.not_found',
    'user.banned',
  ],
});

export const GetPhone = defineQuery({
  name: 'user.get_phone.v1',
  summary: "The calling member's phone number, masked",
  input: z.object({}),
  output: z.object({
    phone: maskedPhoneSchema.nullable(),
    method: methodSchema.nullable(),
    bound_at: timeSchema.nullable(),
  }),
  errors: ['user.not_found'],
});

export const UnbindPhone = defineCommand({
  name: 'user.unbind_phone.v1',
  summary: 'Take the phone number off the account',
  input: z.object({}),
  output: z.object({ phone: maskedPhoneSchema }),
  errors: ['phone.not_bound', 'user.not_found', 'user.banned'],
});

export const PhoneVerificationStarted = defineEvent({
  name: 'user.phone_verification_started.v1',
  summary: 'A code was issued for a phone number, or its contact was asked for',
  payload: z.object({
    user_id: userIdSchema,
    verification_id: z.string(),
    method: methodSchema,
    phone: maskedPhoneSchema.nullable(),
    sealed_code: z.string().nullable().describe('number and code, encrypted for the sender of the SMS'),
    expires_at: timeSchema,
  }),
});

export const PhoneVerificationRefused = defineEvent({
  name: 'user.phone_verification_refused.v1',
  summary: 'A wrong code was typed for a phone number',
  payload: z.object({
    user_id: userIdSchema,
    verification_id: z.string(),
    phone: maskedPhoneSchema,
    reason: z.enum(['code_wrong', 'locked_out']),
  }),
});

const phoneFactsSchema = z.object({
  user_id: userIdSchema,
  phone: maskedPhoneSchema,
  identity_hash: z.string().describe('keyed hash of the number: tells the same phone without naming it'),
});

export const PhoneBound = defineEvent({
  name: 'user.phone_bound.v1',
  summary: "A phone number was proven and is now the member's",
  payload: phoneFactsSchema.extend({ method: methodSchema }),
});

export const PhoneUnbound = defineEvent({
  name: 'user.phone_unbound.v1',
  summary: 'A phone number is no longer bound',
  payload: phoneFactsSchema.extend({ reason: z.enum(['member', 'replaced', 'erased']) }),
});

/** Fields were moved to the newest key (O-04). */
export const EncryptedFieldsRotated = defineEvent({
  name: 'user.encrypted_fields_rotated.v1',
  summary: 'Encrypted fields were written anew with a newer key',
  payload: z.object({ field: z.string(), key_id: z.string(), rewritten: z.int(), unreadable: z.int() }),
});
