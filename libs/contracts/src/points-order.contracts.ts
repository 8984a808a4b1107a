import { z } from 'zod';
import { channelSchema } from './call.js';
import { defineCommand, defineEvent, defineQuery } from './contract.js';
import { itemRefusalSchema } from './membership-item.contracts.js';
import { noteSchema, pageInputSchema, pageSchema, pointsSchema, timeSchema, userIdSchema } from './field.schemas.js';
import { deliveryAddressSchema } from './points-address.contracts.js';
import {
  exchangeNameSchema,
  exchangeTypeSchema,
  membershipDaysSchema,
  pointsRequiredAtMost,
} from './points-shop.contracts.js';

/** An order's life (P-07): paid with its making; the last three are ends, though an end can still be refunded. */
export const orderStatuses = [
  'paid',
  'processing',
  'shipped',
  'delivered',
  'completed',
  'cancelled',
  'refunded',
] as const;
export const orderStatusSchema = z.enum(orderStatuses);
export type OrderStatus = z.infer<typeof orderStatusSchema>;

const idSchema = z.int().positive();
const shortTextSchema = z.string().trim().min(1).max(64);

export const orderSchema = z.object({
  id: z.int(),
  user_id: userIdSchema,
  exchange_id: z.int(),
  exchange_version: z.int().describe('of the item when it was bought'),
  reward_type: exchangeTypeSchema,
  name: exchangeNameSchema,
  quantity: z.int(),
  points_each: pointsSchema.describe('the price of the moment of purchase'),
  points_cost: pointsSchema,
  reward_value: z.int().nullable(),
  membership_days: membershipDaysSchema.describe(
    'the days of membership that all of it gives; null for everything else',
  ),
  status: orderStatusSchema,
  tracking_carrier: z.string().nullable(),
  tracking_number: z.string().nullable(),
  fulfilment_code: z.string().nullable().describe('what the member shows or types to get it, where there is one'),
  note: z.string().nullable(),
  refusal: itemRefusalSchema.nullable().describe('why it could not be given and was refunded; null when it could'),
  created_at: timeSchema,
  updated_at: timeSchema,
  processed_at: timeSchema.nullable().describe('when it came to its end'),
});

const stepSchema = z.object({
  from: orderStatusSchema.nullable(),
  to: orderStatusSchema,
  by: z.enum(['member', 'admin', 'system']),
  note: z.string().nullable(),
  at: timeSchema,
});

/** With what commands do not answer, because replies are remembered: where it goes, and its history. */
const orderDetailSchema = orderSchema.extend({
  delivery_address: deliveryAddressSchema.nullable(),
  steps: z.array(stepSchema),
});

/** Points, stock, limits and order in one transaction (P-07). */
export const PurchaseExchange = defineCommand({
  name: 'points.purchase_exchange.v1',
  summary: 'Exchange points for an item',
  input: z.object({
    exchange_id: idSchema,
    quantity: z.int().min(1).max(99).default(1),
    expected_points: z
      .int()
      .min(1)
      .max(pointsRequiredAtMost)
      .optional()
      .describe('the price that the member has seen; another one is refused'),
    address_id: idSchema.optional().describe('for products; without it the default address'),
  }),
  output: orderSchema.extend({ balance: pointsSchema }),
  errors: [
    'shop.item_unknown',
    'shop.item_not_available',
    'shop.out_of_stock',
    'shop.limit_reached',
    'shop.period_limit_reached',
    'shop.price_changed',
    'shop.too_many_days',
    'shop.address_required',
    'address.unknown',
    'points.insufficient_balance',
  ],
});

export const ListMyOrders = defineQuery({
  name: 'points.list_my_orders.v1',
  summary: "The member's orders, newest first",
  input: pageInputSchema.extend({ status: orderStatusSchema.optional() }),
  output: pageSchema(orderSchema),
});

export const GetMyOrder = defineQuery({
  name: 'points.get_my_order.v1',
  summary: 'One order of the member',
  input: z.object({ id: idSchema }),
  output: orderDetailSchema,
  errors: ['shop.order_unknown'],
});

export const CancelMyOrder = defineCommand({
  name: 'points.cancel_my_order.v1',
  summary: 'Cancel an order that nobody works on yet; the points come back',
  input: z.object({ id: idSchema }),
  output: orderSchema,
  errors: ['shop.order_unknown', 'shop.order_step_refused'],
});

export const ConfirmMyOrder = defineCommand({
  name: 'points.confirm_my_order.v1',
  summary: 'Say that an order has arrived',
  input: z.object({ id: idSchema }),
  output: orderSchema,
  errors: ['shop.order_unknown', 'shop.order_step_refused'],
});

export const ListOrders = defineQuery({
  name: 'points.list_orders.v1',
  summary: 'Orders of all members, newest first; their codes are told one by one',
  input: pageInputSchema.extend({
    status: orderStatusSchema.optional(),
    reward_type: exchangeTypeSchema.optional(),
    user_id: userIdSchema.optional(),
    exchange_id: idSchema.optional(),
  }),
  output: pageSchema(orderSchema),
  errors: ['auth.forbidden'],
});

export const GetOrder = defineQuery({
  name: 'points.get_order.v1',
  summary: 'One order with its delivery address and history',
  input: z.object({ id: idSchema }),
  output: orderDetailSchema,
  errors: ['auth.forbidden', 'shop.order_unknown'],
});

export const MoveOrder = defineCommand({
  name: 'points.move_order.v1',
  summary: 'Take an order a step further, cancel it, or refund it',
  input: z.object({
    id: idSchema,
    status: z.enum(['processing', 'shipped', 'delivered', 'completed', 'cancelled', 'refunded']),
    note: noteSchema.optional().describe('the member reads it'),
    tracking_carrier: shortTextSchema.optional(),
    tracking_number: shortTextSchema.optional().describe('needed for shipped'),
    fulfilment_code: shortTextSchema.optional().describe('for what is not shipped: what the member gets it with'),
    restock: z.boolean().default(false).describe('refunded: the goods came back. What is cancelled always goes back'),
  }),
  output: orderSchema,
  errors: ['auth.forbidden', 'shop.order_unknown', 'shop.order_step_refused', 'shop.tracking_required'],
});

export const OrderPlaced = defineEvent({
  name: 'points.order_placed.v1',
  summary: 'A member exchanged points for an item',
  payload: z.object({
    order_id: z.int(),
    user_id: userIdSchema,
    exchange_id: z.int(),
    reward_type: exchangeTypeSchema,
    name: exchangeNameSchema,
    quantity: z.int(),
    points_cost: pointsSchema,
    status: orderStatusSchema,
    balance: pointsSchema,
    channel: channelSchema,
  }),
});

export const OrderMoved = defineEvent({
  name: 'points.order_moved.v1',
  summary: 'An order came to another state',
  payload: z.object({
    order_id: z.int(),
    user_id: userIdSchema,
    exchange_id: z.int(),
    reward_type: exchangeTypeSchema,
    name: exchangeNameSchema,
    from: orderStatusSchema,
    to: orderStatusSchema,
    by: z.enum(['member', 'admin', 'system']),
    points_refunded: pointsSchema,
    tracking_carrier: z.string().nullable(),
    tracking_number: z.string().nullable(),
    note: z.string().nullable(),
    refusal: itemRefusalSchema.nullable().default(null).describe('why what was bought could not be given'),
    channel: channelSchema,
  }),
});
