import { Body, Controller, Delete, Get, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import {
  ChangeExchange,
  ChangeExchangeStock,
  CreateExchange,
  exchangeStatusSchema,
  exchangeTypeSchema,
  ListAllExchanges,
  RemoveExchange,
  type Call,
  type HandledInputOf,
  type OutputOf,
} from '#contracts';
import { MessageClient } from '#messaging';
import { Endpoint } from '../rest/endpoint.decorator.js';
import { idParameter, InputPipe, pageQuery, strict } from '../rest/input.pipe.js';
import { CurrentCall, IdempotencyKey } from '../rest/request.call.js';

const createBody = strict(CreateExchange.input);
const changeBody = strict(ChangeExchange.input.omit({ id: true }));
const stockBody = strict(ChangeExchangeStock.input.omit({ id: true }));
const itemsQuery = z.strictObject({
  ...pageQuery.shape,
  exchange_type: exchangeTypeSchema.optional(),
  status: exchangeStatusSchema.optional(),
});

/** What is in the exchange shop (P-07), for admins. */
@ApiTags('admin: exchange shop')
@Controller('v1/admin/exchanges')
export class ExchangeAdminController {
  constructor(private readonly messages: MessageClient) {}

  @Get()
  @Endpoint({ contract: ListAllExchanges, access: { permission: 'exchange.read' }, query: itemsQuery })
  list(
    @Query(new InputPipe(itemsQuery)) query: z.output<typeof itemsQuery>,
    @CurrentCall() call: Call,
  ): Promise<OutputOf<typeof ListAllExchanges>> {
    return this.messages.query(ListAllExchanges, query, call);
  }

  @Post()
  @Endpoint({
    contract: CreateExchange,
    access: { permission: 'exchange.manage' },
    status: 201,
    body: createBody,
    idempotent: true,
    example: {
      body: {
        exchange_type: 'product',
        name: { zh: '徽章', en: 'Badge', ru: 'Значок' },
        points_required: 300,
        stock: 50,
        limit_total: 2,
      },
    },
  })
  create(
    @Body(new InputPipe(createBody)) body: HandledInputOf<typeof CreateExchange>,
    @CurrentCall() call: Call,
    @IdempotencyKey() idempotencyKey: string | undefined,
  ): Promise<OutputOf<typeof CreateExchange>> {
    return this.messages.command(CreateExchange, body, call, { idempotencyKey });
  }

  @Patch(':id')
  @Endpoint({
    contract: ChangeExchange,
    access: { permission: 'exchange.manage' },
    body: changeBody,
    idempotent: true,
    example: { body: { points_required: 250, enabled: true } },
  })
  change(
    @Param('id', new InputPipe(idParameter)) id: number,
    @Body(new InputPipe(changeBody)) body: z.output<typeof changeBody>,
    @CurrentCall() call: Call,
    @IdempotencyKey() idempotencyKey: string | undefined,
  ): Promise<OutputOf<typeof ChangeExchange>> {
    return this.messages.command(ChangeExchange, { ...body, id }, call, { idempotencyKey });
  }

  @Post(':id/stock-changes')
  @Endpoint({
    contract: ChangeExchangeStock,
    access: { permission: 'exchange.manage' },
    status: 201,
    body: stockBody,
    idempotent: true,
    example: { body: { change: 20, reason: 'a second batch has arrived' } },
  })
  changeStock(
    @Param('id', new InputPipe(idParameter)) id: number,
    @Body(new InputPipe(stockBody)) body: z.output<typeof stockBody>,
    @CurrentCall() call: Call,
    @IdempotencyKey() idempotencyKey: string | undefined,
  ): Promise<OutputOf<typeof ChangeExchangeStock>> {
    return this.messages.command(ChangeExchangeStock, { ...body, id }, call, { idempotencyKey });
  }

  @Delete(':id')
  @Endpoint({ contract: RemoveExchange, access: { permission: 'exchange.manage' } })
  remove(
    @Param('id', new InputPipe(idParameter)) id: number,
    @CurrentCall() call: Call,
  ): Promise<OutputOf<typeof RemoveExchange>> {
    return this.messages.command(RemoveExchange, { id }, call);
  }
}
