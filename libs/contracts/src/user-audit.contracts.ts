import { z } from 'zod';
import { defineQuery } from './contract.js';
import { timeSchema, userIdSchema } from './field.schemas.js';

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
