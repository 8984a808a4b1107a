import { Body, Controller, Get, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import {
  CancelMyOrder,
  ConfirmMyOrder,
  GetMyOrder,
  ListMyOrders,
  orderStatusSchema,
  type Call,
  type OutputOf,
} from '#contracts';
import { MessageClient } from '#messaging';
import { Endpoint } from '../rest/endpoint.decorator.js';
import { idParameter, InputPipe, pageQuery, strict } from '../rest/input.pipe.js';
import { CurrentCall, IdempotencyKey } from '../rest/request.call.js';

/** Not `z.output<...>`: the namespace exists at run time, and the document would name a class of that name as the body. */
type NoFields = Record<string, never>;
const noFields = strict(CancelMyOrder.input.omit({ id: true }));
const ordersQuery = z.strictObject({ ...pageQuery.shape, status: orderStatusSchema.optional() });

/** The member's orders of the exchange shop (P-07). */
@ApiTags('exchange shop')
@Controller('v1/points/exchange-orders')
export class ExchangeOrderController {
  constructor(private readonly messages: MessageClient) {}

  @Get()
  @Endpoint({ contract: ListMyOrders, access: 'member', query: ordersQuery })
  list(
    @Query(new InputPipe(ordersQuery)) query: z.output<typeof ordersQuery>,
    @CurrentCall() call: Call,
  ): Promise<OutputOf<typeof ListMyOrders>> {
    return this.messages.query(ListMyOrders, query, call);
  }

  @Get(':id')
  @Endpoint({ contract: GetMyOrder, access: 'member' })
  get(
    @Param('id', new InputPipe(idParameter)) id: number,
    @CurrentCall() call: Call,
  ): Promise<OutputOf<typeof GetMyOrder>> {
    return this.messages.query(GetMyOrder, { id }, call);
  }

  @Post(':id/cancellations')
  @Endpoint({ contract: CancelMyOrder, access: 'member', status: 201, idempotent: true })
  cancel(
    @Param('id', new InputPipe(idParameter)) id: number,
    @Body(new InputPipe(noFields)) _body: NoFields,
    @CurrentCall() call: Call,
    @IdempotencyKey() idempotencyKey: string | undefined,
  ): Promise<OutputOf<typeof CancelMyOrder>> {
    return this.messages.command(CancelMyOrder, { id }, call, { idempotencyKey });
  }

  @Post(':id/confirmations')
  @Endpoint({ contract: ConfirmMyOrder, access: 'member', status: 201, idempotent: true })
  confirm(
    @Param('id', new InputPipe(idParameter)) id: number,
    @Body(new InputPipe(noFields)) _body: NoFields,
    @CurrentCall() call: Call,
    @IdempotencyKey() idempotencyKey: string | undefined,
  ): Promise<OutputOf<typeof ConfirmMyOrder>> {
    return this.messages.command(ConfirmMyOrder, { id }, call, { idempotencyKey });
  }
}
