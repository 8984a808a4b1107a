import { Body, Controller, Get, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import {
  exchangeTypeSchema,
  GetOrder,
  ListOrders,
  MoveOrder,
  orderStatusSchema,
  type Call,
  type OutputOf,
} from '#contracts';
import { MessageClient } from '#messaging';
import { Endpoint } from '../rest/endpoint.decorator.js';
import { idParameter, InputPipe, pageQuery, strict } from '../rest/input.pipe.js';
import { CurrentCall, IdempotencyKey } from '../rest/request.call.js';

const moveBody = strict(MoveOrder.input.omit({ id: true }));
const ordersQuery = z.strictObject({
  ...pageQuery.shape,
  status: orderStatusSchema.optional(),
  reward_type: exchangeTypeSchema.optional(),
  user_id: idParameter.optional(),
  exchange_id: idParameter.optional(),
});

/** Orders of the exchange shop (P-07), for admins: process, ship, complete, cancel, refund. */
@ApiTags('admin: exchange shop')
@Controller('v1/admin/exchange-orders')
export class OrderAdminController {
  constructor(private readonly messages: MessageClient) {}

  @Get()
  @Endpoint({ contract: ListOrders, access: { permission: 'order.read' }, query: ordersQuery })
  list(
    @Query(new InputPipe(ordersQuery)) query: z.output<typeof ordersQuery>,
    @CurrentCall() call: Call,
  ): Promise<OutputOf<typeof ListOrders>> {
    return this.messages.query(ListOrders, query, call);
  }

  @Get(':id')
  @Endpoint({ contract: GetOrder, access: { permission: 'order.read' } })
  get(
    @Param('id', new InputPipe(idParameter)) id: number,
    @CurrentCall() call: Call,
  ): Promise<OutputOf<typeof GetOrder>> {
    return this.messages.query(GetOrder, { id }, call);
  }

  @Post(':id/steps')
  @Endpoint({
    contract: MoveOrder,
    access: { permission: 'order.move' },
    status: 201,
    body: moveBody,
    idempotent: true,
    description: 'Cancelled and refunded give the points back, once. Shipped needs a tracking number.',
    example: { body: { status: 'shipped', tracking_carrier: 'SF Express', tracking_number: 'SF1234567890' } },
  })
  move(
    @Param('id', new InputPipe(idParameter)) id: number,
    @Body(new InputPipe(moveBody)) body: z.output<typeof moveBody>,
    @CurrentCall() call: Call,
    @IdempotencyKey() idempotencyKey: string | undefined,
  ): Promise<OutputOf<typeof MoveOrder>> {
    return this.messages.command(MoveOrder, { ...body, id }, call, { idempotencyKey });
  }
}
