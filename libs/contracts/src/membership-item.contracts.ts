import { z } from 'zod';
import { defineEvent } from './contract.js';
import { membershipChangedAtSchema, membershipKindSchema } from './entitlement.contracts.js';
import { timeSchema, userIdSchema } from './field.schemas.js';

/** Why membership days that points were exchanged for cannot be given (P-07). */
export const itemRefusals = [
  'already_permanent',
  'ends_too_late',
  'days_out_of_range',
  'banned',
  'deletion_pending',
  'unknown_member',
] as const;
export const itemRefusalSchema = z.enum(itemRefusals);
export type ItemRefusal = z.infer<typeof itemRefusalSchema>;

const orderIdSchema = z.int().describe('of the exchange shop');
const membershipFacts = {
  kind: membershipKindSchema,
  plan: z.string(),
  started_at: timeSchema,
  expires_at: timeSchema.nullable(),
};

/** Once for an order (P-07), by the rules of renewal (U-04). */
export const ItemGiven = defineEvent({
  name: 'entitlement.item_given.v1',
  summary: 'A member has the membership days that points were exchanged for',
  payload: z.object({
    order_id: orderIdSchema,
    user_id: userIdSchema,
    ...membershipFacts,
    days: z.int(),
    renewal: z.boolean(),
    changed_at: membershipChangedAtSchema,
  }),
});

/** The shop hears it and gives the points back (P-07). */
export const ItemRefused = defineEvent({
  name: 'entitlement.item_refused.v1',
  summary: 'Membership days that points were exchanged for cannot be given',
  payload: z.object({ order_id: orderIdSchema, user_id: userIdSchema, reason: itemRefusalSchema }),
});

/** Once for an order (P-07): of its days those that are not over, and never those that other grants gave. */
export const ItemTakenBack = defineEvent({
  name: 'entitlement.item_taken_back.v1',
  summary: 'The membership days of an order were taken back, for its points were refunded',
  payload: z.object({
    order_id: orderIdSchema,
    user_id: userIdSchema,
    days: z.int().describe('what the order had given; 0 when it was refunded before anything was given'),
    days_taken: z.int().describe('what of it was not over yet, as whole days rounded up'),
    membership: z
      .object(membershipFacts)
      .nullable()
      .describe('as it is now; null when it stays as it was: all of the days are over, or it has no end'),
    changed_at: membershipChangedAtSchema,
  }),
});
