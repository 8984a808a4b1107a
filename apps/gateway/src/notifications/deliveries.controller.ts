import { Controller, Get, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { deliveryStatusSchema, ListDeliveries, type Call, type OutputOf } from '#contracts';
import { MessageClient } from '#messaging';
import { Endpoint } from '../rest/endpoint.decorator.js';
import { InputPipe, pageQuery, wholeNumber } from '../rest/input.pipe.js';
import { CurrentCall } from '../rest/request.call.js';

const deliveriesQuery = z.strictObject({
  ...pageQuery.shape,
  user_id: wholeNumber.pipe(z.int().positive()).optional(),
  status: deliveryStatusSchema.optional(),
  broadcast_id: wholeNumber.pipe(z.int().positive()).optional(),
});

/** What was sent to whom, for admins. */
@ApiTags('notifications')
@Controller('v1/deliveries')
export class DeliveriesController {
  constructor(private readonly messages: MessageClient) {}

  @Get()
  @Endpoint({ contract: ListDeliveries, access: { permission: 'delivery.read' }, query: deliveriesQuery })
  list(
    @Query(new InputPipe(deliveriesQuery)) query: z.output<typeof deliveriesQuery>,
    @CurrentCall() call: Call,
  ): Promise<OutputOf<typeof ListDeliveries>> {
    return this.messages.query(ListDeliveries, query, call);
  }
}
