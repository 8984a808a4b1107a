import { z } from 'zod';
import { defineCommand, defineEvent, defineQuery } from './contract.js';
import { timeSchema, userIdSchema } from './field.schemas.js';

const stepUpIdSchema = z.string().min(1).max(36);

/** A fresh confirmation that it is them (U-13). Confirmed, it comes with an access token that dangerous actions accept for five minutes. */
export const stepUpSchema = z.object({
  id: stepUpIdSchema,
  status: z.enum(['pending', 'confirmed', 'refused', 'expired']),
  expires_at: timeSchema.describe('until when it can be confirmed, or counts'),
  access_token: z.string().nullable(),
});

export const StartStepUp = defineCommand({
  name: 'user.start_step_up.v1',
  secretReply: true,
  summary:
    'Confirm that it is you: by the authenticator app or the console’s password at once, without them by a tap in the bot',
  input: z.object({
    code: z.string().min(1).max(32).optional().describe('of the authenticator app, or a recovery code'),
    password_proof: z.string().max(1_024).optional(),
  }),
  output: stepUpSchema,
  errors: [
    'auth.session_required',
    'auth.step_up_crowded',
    'auth.console_login_failed',
    'auth.code_required',
    'auth.code_invalid',
    'auth.locked_out',
    'console.account_unknown',
  ],
});

export const GetStepUp = defineQuery({
  name: 'user.get_step_up.v1',
  summary: 'Whether a confirmation has been given, with the access token it earns',
  input: z.object({ id: stepUpIdSchema }),
  output: stepUpSchema,
  errors: ['auth.session_required', 'auth.step_up_not_found'],
});

/** What waits for the member's tap in the bot. */
export const GetPendingStepUp = defineQuery({
  name: 'user.get_pending_step_up.v1',
  summary: 'The newest confirmation that waits for the calling member',
  input: z.object({}),
  output: z.object({
    pending: z
      .object({
        id: stepUpIdSchema,
        device: z.string().nullable(),
        ip: z.string().nullable(),
        expires_at: timeSchema,
      })
      .nullable(),
  }),
});

export const DecideStepUp = defineCommand({
  name: 'user.decide_step_up.v1',
  summary: 'Confirm or refuse by a tap in the bot; a refusal ends the session that asked',
  input: z.object({ id: stepUpIdSchema, confirm: z.boolean() }),
  output: z.object({ status: z.enum(['confirmed', 'refused']) }),
  errors: ['auth.forbidden', 'auth.step_up_not_found'],
});

export const StepUpRequested = defineEvent({
  name: 'user.step_up_requested.v1',
  summary: 'A member was asked in the bot to confirm that it is them',
  payload: z.object({
    user_id: userIdSchema,
    step_up_id: stepUpIdSchema,
    device: z.string().nullable(),
    ip: z.string().nullable(),
    expires_at: timeSchema,
  }),
});

export const StepUpDecided = defineEvent({
  name: 'user.step_up_decided.v1',
  summary: 'A member confirmed, or refused to confirm, that it is them',
  payload: z.object({
    user_id: userIdSchema,
    step_up_id: stepUpIdSchema,
    status: z.enum(['confirmed', 'refused']),
    by: z.enum(['bot', 'password', 'authenticator']),
  }),
});
