import { z } from 'zod';
import { defineEvent, defineQuery } from './contract.js';
import { pageInputSchema, pageSchema, timeSchema, userIdSchema } from './field.schemas.js';

export const deliveryChannels = ['telegram', 'email', 'sms'] as const;
export type DeliveryChannel = (typeof deliveryChannels)[number];
export const deliveryStatusSchema = z.enum(['pending', 'sending', 'sent', 'failed', 'cancelled']);

export const deliverySchema = z.object({
  id: z.int(),
  user_id: userIdSchema,
  channel: z.enum(deliveryChannels),
  template: z.string(),
  status: deliveryStatusSchema,
  attempts: z.int(),
  last_error: z.string().nullable(),
  created_at: timeSchema,
  sent_at: timeSchema.nullable(),
  broadcast_id: z.int().nullable(),
});

/** What was and will be sent to whom. For admins. */
export const ListDeliveries = defineQuery({
  name: 'notification.list_deliveries.v1',
  summary: 'Deliveries by member, status and broadcast, newest first',
  input: pageInputSchema.extend({
    user_id: userIdSchema.optional(),
    status: deliveryStatusSchema.optional(),
    broadcast_id: z.int().positive().optional(),
  }),
  output: pageSchema(deliverySchema),
  errors: ['auth.forbidden'],
});

export const DeliverySettled = defineEvent({
  name: 'notification.delivery_settled.v1',
  summary: 'A delivery reached its end: sent, or given up',
  payload: z.object({
    delivery_id: z.int(),
    user_id: userIdSchema,
    channel: z.enum(deliveryChannels),
    template: z.string(),
    outcome: z.enum(['sent', 'failed']),
    error: z.string().nullable(),
  }),
});
