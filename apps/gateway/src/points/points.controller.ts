import { Controller, Get, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { GetBalance, ListMyHolds, ListPointRecords, type Call, type OutputOf } from '#contracts';
import { MessageClient } from '#messaging';
import { Endpoint } from '../rest/endpoint.decorator.js';
import { InputPipe, pageQuery } from '../rest/input.pipe.js';
import { CurrentCall } from '../rest/request.call.js';

/** The member's points (P-01). */
@ApiTags('points')
@Controller('v1/points')
export class PointsController {
  constructor(private readonly messages: MessageClient) {}

  @Get('balance')
  @Endpoint({
    contract: GetBalance,
    access: 'member',
    example: { data: { balance: 90, frozen: 20, available: 70, lifetime_earned: 130 } },
  })
  balance(@CurrentCall() call: Call): Promise<OutputOf<typeof GetBalance>> {
    return this.messages.query(GetBalance, {}, call);
  }

  @Get('records')
  @Endpoint({ contract: ListPointRecords, access: 'member', query: pageQuery })
  records(
    @Query(new InputPipe(pageQuery)) page: z.output<typeof pageQuery>,
    @CurrentCall() call: Call,
  ): Promise<OutputOf<typeof ListPointRecords>> {
    return this.messages.query(ListPointRecords, page, call);
  }

  @Get('holds')
  @Endpoint({ contract: ListMyHolds, access: 'member', query: pageQuery })
  holds(
    @Query(new InputPipe(pageQuery)) page: z.output<typeof pageQuery>,
    @CurrentCall() call: Call,
  ): Promise<OutputOf<typeof ListMyHolds>> {
    return this.messages.query(ListMyHolds, page, call);
  }
}
