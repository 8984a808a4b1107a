import { Controller, Get, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { GetMyStatistics, GetPointStatistics, type Call, type OutputOf } from '#contracts';
import { MessageClient } from '#messaging';
import { Endpoint } from '../rest/endpoint.decorator.js';
import { InputPipe, strict } from '../rest/input.pipe.js';
import { CurrentCall } from '../rest/request.call.js';

const rangeQuery = strict(GetPointStatistics.input);

/** Check-ins and points in figures (P-10). */
@ApiTags('points')
@Controller('v1')
export class PointStatisticsController {
  constructor(private readonly messages: MessageClient) {}

  @Get('points/statistics')
  @Endpoint({ contract: GetMyStatistics, access: 'member' })
  mine(@CurrentCall() call: Call): Promise<OutputOf<typeof GetMyStatistics>> {
    return this.messages.query(GetMyStatistics, {}, call);
  }

  @Get('admin/points/statistics')
  @Endpoint({ contract: GetPointStatistics, access: { permission: 'statistics.read' }, query: rangeQuery })
  community(
    @Query(new InputPipe(rangeQuery)) query: z.output<typeof rangeQuery>,
    @CurrentCall() call: Call,
  ): Promise<OutputOf<typeof GetPointStatistics>> {
    return this.messages.query(GetPointStatistics, query, call);
  }
}
