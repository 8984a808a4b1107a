import { z } from 'zod';
import { defineQuery } from './contract.js';
import { userIdSchema } from './field.schemas.js';
import { profileSchema } from './user-identity.contracts.js';

export const foundUsersAtMost = 10;

/** How admins find somebody (B-04). Addresses come back masked; whoever searches by one knows its beginning already. */
export const FindUsers = defineQuery({
  name: 'user.find_users.v1',
  summary: 'Users by id, Telegram id, @username, name, or the beginning of an e-mail address',
  input: z.object({
    query: z
      .string()
      .trim()
      .min(1)
      .max(128)
      .describe('#42 or 42, a Telegram id, @name, the beginning of a name, or of an address with its first 3 letters'),
  }),
  output: z.object({
    items: z.array(profileSchema).max(foundUsersAtMost),
    more: z.boolean().describe('there are others: narrow the query'),
  }),
  errors: ['auth.forbidden'],
});

export const GetUser = defineQuery({
  name: 'user.get_user.v1',
  summary: 'The profile of any user, for admins',
  input: z.object({ user_id: userIdSchema }),
  output: profileSchema,
  errors: ['auth.forbidden', 'user.not_found'],
});
