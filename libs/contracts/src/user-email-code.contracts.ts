import { z } from 'zod';
import { defineCommand, defineEvent } from './contract.js';
import { emailSchema, timeSchema, userIdSchema } from './field.schemas.js';
import { typedCodeSchema } from './user-phone.contracts.js';
import { codeRefusals } from './user-verification.contracts.js';

/** The fallback (U-09), step one: the platform mails a code to the address. */
export const SendEmailCode = defineCommand({
  name: 'user.send_email_code.v1',
  summary: 'Mail a 6-digit code to the named address; it is valid for 10 minutes',
  input: z.object({ email: emailSchema }),
  output: z.object({ id: z.string(), email: z.string(), expires_at: timeSchema }),
  errors: codeRefusals,
});

/** The fallback (U-09), step two: the member types the code. */
export const ConfirmEmailCode = defineCommand({
  name: 'user.confirm_email_code.v1',
  summary: 'Bind the address with the code that came by mail',
  input: z.object({ id: z.string().max(64), code: typedCodeSchema }),
  output: z.object({ email: z.string().describe('masked'), bound_at: timeSchema }),
  errors: [
    'verification.not_found',
    'verification.code_wrong',
    'verification.code_over',
    'verification.locked_out',
    'verification.address_taken',
    'verification.address_blocked',
    'user.not_found',
    'user.banned',
  ],
});

export const EmailCodeRefused = defineEvent({
  name: 'user.email_code_refused.v1',
  summary: 'A wrong code was typed for an address',
  payload: z.object({
    user_id: userIdSchema,
    verification_id: z.string(),
    email: z.string().describe('masked'),
    reason: z.enum(['code_wrong', 'locked_out']),
  }),
});

export const EmailCodeIssued = defineEvent({
  name: 'user.email_code_issued.v1',
  summary: 'A code is to be mailed to an address',
  payload: z.object({
    user_id: userIdSchema,
    verification_id: z.string(),
    email: z.string().describe('masked'),
    sealed_code: z.string().describe('address and code, encrypted for the sender of the mail'),
    expires_at: timeSchema,
  }),
});
