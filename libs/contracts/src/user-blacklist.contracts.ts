import { z } from 'zod';
import { defineCommand, defineEvent, defineQuery } from './contract.js';
import { pageInputSchema, pageSchema, timeSchema } from './field.schemas.js';

export const blacklistKinds = ['address', 'domain', 'pattern'] as const;

export const blacklistEntrySchema = z.object({
  id: z.int(),
  kind: z.enum(blacklistKinds),
  pattern: z.string(),
  note: z.string(),
  created_at: timeSchema,
});

/** The blacklist of U-08, for admins. */
export const ListEmailBlacklist = defineQuery({
  name: 'user.list_email_blacklist.v1',
  summary: 'Addresses, domains and patterns that get no verification code, the newest first',
  input: pageInputSchema.extend({ kind: z.enum(blacklistKinds).optional(), search: z.string().max(255).optional() }),
  output: pageSchema(blacklistEntrySchema),
  errors: ['auth.forbidden'],
});

export const AddToEmailBlacklist = defineCommand({
  name: 'user.add_to_email_blacklist.v1',
  summary: 'Give no codes to an address, a domain with all below it, or a pattern with `*` for any text',
  input: z.object({
    kind: z.enum(blacklistKinds),
    pattern: z.string().min(1).max(255),
    note: z.string().max(255).default(''),
  }),
  output: blacklistEntrySchema,
  errors: [
    'auth.forbidden',
    'auth.step_up_required',
    'blacklist.entry_invalid',
    'blacklist.entry_exists',
    'blacklist.full',
  ],
});

export const RemoveFromEmailBlacklist = defineCommand({
  name: 'user.remove_from_email_blacklist.v1',
  summary: 'Take an entry off the blacklist',
  input: z.object({ id: z.int().positive() }),
  output: blacklistEntrySchema,
  errors: ['auth.forbidden', 'blacklist.entry_unknown'],
});

/** What the blacklist, together with the list of disposable domains, says about an address. */
export const CheckEmailAddress = defineQuery({
  name: 'user.check_email_address.v1',
  summary: 'Whether an address would get a code, and which entry forbids it',
  input: z.object({ email: z.string().min(3).max(128) }),
  output: z.object({
    blocked_by: z.enum([...blacklistKinds, 'disposable']).nullable(),
    pattern: z.string().nullable().describe('the entry, or the disposable domain'),
  }),
  errors: ['auth.forbidden', 'verification.address_invalid'],
});

const entryFactsSchema = z.object({ entry_id: z.int(), kind: z.enum(blacklistKinds), pattern: z.string() });

export const EmailBlacklistEntryAdded = defineEvent({
  name: 'user.email_blacklist_entry_added.v1',
  summary: 'An address, domain or pattern was put on the blacklist',
  payload: entryFactsSchema,
});

export const EmailBlacklistEntryRemoved = defineEvent({
  name: 'user.email_blacklist_entry_removed.v1',
  summary: 'An address, domain or pattern was taken off the blacklist',
  payload: entryFactsSchema,
});
