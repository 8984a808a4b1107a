import { z } from 'zod';
import { defineCommand, defineEvent, defineQuery } from './contract.js';
import { membershipDaysAtMost } from './entitlement.contracts.js';
import { pageInputSchema, pageSchema, pointsSchema, reasonSchema, timeSchema, userIdSchema } from './field.schemas.js';

/** What points can be exchanged for (P-07), as the source document names the kinds. */
export const exchangeTypes = ['balance', 'coupon', 'product', 'privilege'] as const;
export const exchangeTypeSchema = z.enum(exchangeTypes);
export type ExchangeType = z.infer<typeof exchangeTypeSchema>;

/**
 * What `reward_reference` of a privilege may name so that the platform itself gives it: a service listens to the order and gives it.
 * `membership`: as many days of formal membership as `reward_value` says (U-04), for each one that is exchanged.
 */
export const grantedReferences = ['membership'] as const;
export type GrantedReference = (typeof grantedReferences)[number];

export const exchangeStatuses = ['active', 'inactive', 'scheduled', 'ended', 'out_of_stock', 'removed'] as const;
export const exchangeStatusSchema = z.enum(exchangeStatuses);
export type ExchangeStatus = z.infer<typeof exchangeStatusSchema>;

export const limitPeriods = ['day', 'week', 'month'] as const;
export type LimitPeriod = (typeof limitPeriods)[number];

export const pointsRequiredAtMost = 10_000_000;
const countAtMost = 1_000_000;
const idSchema = z.int().positive();
const countSchema = z.int().min(1).max(countAtMost);

/** A text in every language of the platform. */
function localised(text: z.ZodString) {
  return z.object({ zh: text, en: text, ru: text });
}
export const exchangeNameSchema = localised(z.string().trim().min(1).max(100));
const descriptionSchema = localised(z.string().trim().max(1_000));

const referenceMeaning =
  `what the item is known by to whoever gives it. A privilege with one of [${grantedReferences.join(', ')}] is given by the platform ` +
  `itself: membership gives \`reward_value\` days (1 to ${membershipDaysAtMost}) of membership`;
const fulfilmentMeaning =
  'automatic: given with the purchase, which the platform can do for coupons (a code is made) and for membership; manual: an admin ' +
  'hands it over and completes the order';

export const membershipDaysSchema = z.int().nullable();

/** An item as members see it. */
export const exchangeSchema = z.object({
  id: z.int(),
  exchange_type: exchangeTypeSchema,
  name: exchangeNameSchema,
  description: descriptionSchema,
  image: z.string().nullable(),
  points_required: pointsSchema,
  reward_value: z.int().nullable().describe('balance: in the smallest unit of money; privilege: days; else as agreed'),
  membership_days: membershipDaysSchema.describe(
    'the days of membership that one of it gives; null for everything else',
  ),
  status: exchangeStatusSchema,
  stock: z.int().nullable().describe('what is left; null is unlimited'),
  limit_total: z.int().nullable().describe('how many one member may have in all'),
  limit_per_period: z.int().nullable(),
  limit_period: z.enum(limitPeriods).nullable().describe('by the calendar of the community'),
  starts_at: timeSchema.nullable(),
  ends_at: timeSchema.nullable(),
  version: z.int().describe('grows with every change; an order keeps the version it was made of'),
  left_for_me: z.int().nullable().describe('how many the asking member can still have; null is unlimited'),
});

/** An item as admins see it. */
export const exchangeDetailSchema = exchangeSchema.omit({ left_for_me: true }).extend({
  reward_reference: z.string().nullable().describe(referenceMeaning),
  fulfilment: z.enum(['automatic', 'manual']).describe(fulfilmentMeaning),
  used_count: z.int().describe('how many were sold and not given back'),
  enabled: z.boolean(),
  sort_order: z.int(),
  created_at: timeSchema,
  updated_at: timeSchema,
});

export const ListExchanges = defineQuery({
  name: 'points.list_exchanges.v1',
  summary: 'What points can be exchanged for now',
  input: pageInputSchema.extend({ exchange_type: exchangeTypeSchema.optional() }),
  output: pageSchema(exchangeSchema),
});

export const GetExchange = defineQuery({
  name: 'points.get_exchange.v1',
  summary: 'One item of the exchange shop',
  input: z.object({ id: idSchema }),
  output: exchangeSchema,
  errors: ['shop.item_unknown'],
});

const fields = {
  name: exchangeNameSchema,
  description: descriptionSchema,
  image: z
    .url({ protocol: /^https$/ })
    .max(255)
    .nullable(),
  points_required: z.int().min(1).max(pointsRequiredAtMost),
  reward_value: z.int().min(0).max(1_000_000_000).nullable(),
  reward_reference: z.string().trim().min(1).max(64).nullable().describe(referenceMeaning),
  fulfilment: z.enum(['automatic', 'manual']).describe(fulfilmentMeaning),
  stock: z.int().min(0).max(countAtMost).nullable(),
  limit_total: countSchema.nullable(),
  limit_per_period: countSchema.nullable(),
  limit_period: z.enum(limitPeriods).nullable(),
  starts_at: timeSchema.nullable(),
  ends_at: timeSchema.nullable(),
  enabled: z.boolean(),
  sort_order: z.int().min(-1_000).max(1_000),
};

export const CreateExchange = defineCommand({
  name: 'points.create_exchange.v1',
  summary: 'Put an item into the exchange shop',
  input: z.object({
    exchange_type: exchangeTypeSchema,
    name: fields.name,
    description: fields.description.default({ zh: '', en: '', ru: '' }),
    image: fields.image.default(null),
    points_required: fields.points_required,
    reward_value: fields.reward_value.default(null),
    reward_reference: fields.reward_reference.default(null),
    fulfilment: fields.fulfilment.default('manual'),
    stock: fields.stock.default(null),
    limit_total: fields.limit_total.default(null),
    limit_per_period: fields.limit_per_period.default(null),
    limit_period: fields.limit_period.default(null),
    starts_at: fields.starts_at.default(null),
    ends_at: fields.ends_at.default(null),
    enabled: fields.enabled.default(true),
    sort_order: fields.sort_order.default(0),
  }),
  output: exchangeDetailSchema,
  errors: ['auth.forbidden'],
});

/**
 * The kind stays: orders and their events depend on it. A `stock` that is set overwrites what was sold since the admin looked, unless
 * `expected_stock` says what they saw. `ChangeExchangeStock`, which says by how much, is the safe way otherwise.
 */
export const ChangeExchange = defineCommand({
  name: 'points.change_exchange.v1',
  summary: 'Change an item; orders keep the price and the names they were made with',
  input: z.object({
    id: idSchema,
    ...z.object(fields).partial().shape,
    expected_stock: fields.stock
      .optional()
      .describe(
        'the stock that the admin has seen, null for unlimited: when it is another one by now, nothing is changed',
      ),
  }),
  output: exchangeDetailSchema,
  errors: ['auth.forbidden', 'shop.item_unknown', 'shop.stock_changed'],
});

/** By how much, not to how much: nobody overwrites what was sold meanwhile. */
export const ChangeExchangeStock = defineCommand({
  name: 'points.change_exchange_stock.v1',
  summary: 'Add to the stock of an item, or take from it',
  input: z.object({
    id: idSchema,
    change: z
      .int()
      .min(-countAtMost)
      .max(countAtMost)
      .refine((change) => change !== 0),
    reason: reasonSchema,
  }),
  output: exchangeDetailSchema,
  errors: ['auth.forbidden', 'shop.item_unknown', 'shop.stock_unlimited', 'shop.stock_out_of_range'],
});

export const RemoveExchange = defineCommand({
  name: 'points.remove_exchange.v1',
  summary: 'Take an item out of the shop; its orders stay',
  input: z.object({ id: idSchema }),
  output: exchangeDetailSchema,
  errors: ['auth.forbidden', 'shop.item_unknown'],
});

export const ListAllExchanges = defineQuery({
  name: 'points.list_all_exchanges.v1',
  summary: 'All items of the shop, also those that members do not see',
  input: pageInputSchema.extend({
    exchange_type: exchangeTypeSchema.optional(),
    status: exchangeStatusSchema.optional(),
  }),
  output: pageSchema(exchangeDetailSchema),
  errors: ['auth.forbidden'],
});

export const ExchangeChanged = defineEvent({
  name: 'points.exchange_changed.v1',
  summary: 'An item of the exchange shop was created, changed or removed',
  payload: z.object({
    exchange_id: z.int(),
    action: z.enum(['created', 'changed', 'removed', 'stock_changed']),
    exchange_type: exchangeTypeSchema,
    name: exchangeNameSchema,
    points_required: pointsSchema,
    stock: z.int().nullable(),
    version: z.int(),
    reason: z.string().nullable(),
  }),
});

const grantSchema = z.object({
  order_id: z.int(),
  user_id: userIdSchema,
  exchange_id: z.int(),
  exchange_type: exchangeTypeSchema,
  reward_value: z.int().nullable(),
  reward_reference: z.string().nullable(),
  quantity: z.int(),
});

/**
 * What was bought is the member's now. What the platform itself gives (`grantedReferences`) is given by the service that hears this;
 * the code of a coupon is in the order, and everything else an admin has handed over.
 */
export const ItemGranted = defineEvent({
  name: 'points.item_granted.v1',
  summary: 'A member is to be given what they exchanged points for',
  payload: grantSchema,
});

export const ItemRevoked = defineEvent({
  name: 'points.item_revoked.v1',
  summary: 'What a member was given for points is to be taken back, for the points were refunded',
  payload: grantSchema,
});
