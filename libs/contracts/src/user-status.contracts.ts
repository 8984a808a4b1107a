import { z } from 'zod';
import { accountStandings } from './account.standing.js';
import { defineCommand, defineEvent, defineQuery } from './contract.js';
import { reasonSchema, telegramIdSchema, timeSchema, userIdSchema } from './field.schemas.js';

/** `active`, or the standing that forbids things. */
export const userStatusSchema = z.enum(['active', ...accountStandings]);

/** A ban (U-01): ends every session, and every door is closed within seconds. For admins. */
export const BanUser = defineCommand({
  name: 'user.ban.v1',
  summary: 'Ban a member: ends their sessions and refuses whatever they ask',
  input: z.object({ user_id: userIdSchema, reason: reasonSchema }),
  output: z.object({ user_id: userIdSchema, status: userStatusSchema }),
  errors: [
    'auth.forbidden',
    'auth.step_up_required',
    'user.not_found',
    'user.being_erased',
    'user.already_banned',
    'user.cannot_be_banned',
  ],
});

export const UnbanUser = defineCommand({
  name: 'user.unban.v1',
  summary: 'Lift a ban; a deletion that was asked for before goes on',
  input: z.object({ user_id: userIdSchema, reason: reasonSchema }),
  output: z.object({ user_id: userIdSchema, status: userStatusSchema }),
  errors: ['auth.forbidden', 'user.not_found', 'user.being_erased', 'user.not_banned', 'role.above_own'],
});

/** What the doors of the platform ask every second, instead of asking at every request. For the platform itself. */
export const ListStandings = defineQuery({
  name: 'user.list_standings.v1',
  summary: 'The accounts whose standing has changed since a change, the earliest change first',
  input: z.object({
    after_id: z.int().nullable().default(null).describe('null for the changes of the last minutes'),
    limit: z.int().min(1).max(1_000).default(1_000),
  }),
  output: z.object({
    items: z.array(
      z.object({
        id: z.int(),
        user_id: userIdSchema,
        telegram_id: telegramIdSchema.nullable(),
        status: userStatusSchema,
        changed_at: timeSchema,
      }),
    ),
  }),
  errors: ['auth.forbidden'],
});

export const UserStatusChanged = defineEvent({
  name: 'user.status_changed.v1',
  summary: 'An account was banned or freed, is about to be deleted, was restored, or is being erased (U-01)',
  payload: z.object({
    user_id: userIdSchema,
    status: userStatusSchema,
    previous: userStatusSchema,
    reason: z.string().nullable(),
  }),
});

export type UserStatus = z.infer<typeof userStatusSchema>;
