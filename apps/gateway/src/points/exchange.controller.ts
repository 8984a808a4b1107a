import { Body, Controller, Get, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import {
  exchangeTypeSchema,
  GetExchange,
  ListExchanges,
  PurchaseExchange,
  type Call,
  type HandledInputOf,
  type OutputOf,
} from '#contracts';
import { MessageClient } from '#messaging';
import { Endpoint } from '../rest/endpoint.decorator.js';
import { idParameter, InputPipe, pageQuery, strict } from '../rest/input.pipe.js';
import { CurrentCall, IdempotencyKey } from '../rest/request.call.js';

const purchaseBody = strict(PurchaseExchange.input);
const shelfQuery = z.strictObject({ ...pageQuery.shape, exchange_type: exchangeTypeSchema.optional() });

/** The exchange shop (P-07): what points can be exchanged for, and the exchange. */
@ApiTags('exchange shop')
@Controller('v1/points')
export class ExchangeController {
  constructor(private readonly messages: MessageClient) {}

  @Get('exchanges')
  @Endpoint({ contract: ListExchanges, access: 'member', query: shelfQuery })
  list(
    @Query(new InputPipe(shelfQuery)) query: z.output<typeof shelfQuery>,
    @CurrentCall() call: Call,
  ): Promise<OutputOf<typeof ListExchanges>> {
    return this.messages.query(ListExchanges, query, call);
  }

  @Get('exchanges/:id')
  @Endpoint({ contract: GetExchange, access: 'member' })
  get(
    @Param('id', new InputPipe(idParameter)) id: number,
    @CurrentCall() call: Call,
  ): Promise<OutputOf<typeof GetExchange>> {
    return this.messages.query(GetExchange, { id }, call);
  }

  @Post('exchange')
  @Endpoint({
    contract: PurchaseExchange,
    access: 'member',
    status: 201,
    body: purchaseBody,
    idempotent: true,
    description: 'Debit, stock, limit and order happen together or not at all. Send an Idempotency-Key.',
    example: { body: { exchange_id: 1, quantity: 1, expected_points: 500 } },
  })
  purchase(
    @Body(new InputPipe(purchaseBody)) body: HandledInputOf<typeof PurchaseExchange>,
    @CurrentCall() call: Call,
    @IdempotencyKey() idempotencyKey: string | undefined,
  ): Promise<OutputOf<typeof PurchaseExchange>> {
    return this.messages.command(PurchaseExchange, body, call, { idempotencyKey });
  }
}
