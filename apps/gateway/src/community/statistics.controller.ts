import { Controller, Get, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { GetCommunityStatistics, type Call, type HandledInputOf, type OutputOf } from '#contracts';
import { MessageClient } from '#messaging';
import { Endpoint } from '../rest/endpoint.decorator.js';
import { InputPipe, strict } from '../rest/input.pipe.js';
import { CurrentCall } from '../rest/request.call.js';

const range = strict(GetCommunityStatistics.input);

/** Figures about the community (U-17). For admins. */
@ApiTags('admin: statistics')
@Controller('v1/admin/statistics')
export class StatisticsController {
  constructor(private readonly messages: MessageClient) {}

  @Get('community')
  @Endpoint({
    contract: GetCommunityStatistics,
    access: { permission: 'statistics.read' },
    query: range,
    description: 'At most 92 days at once.',
  })
  community(
    @Query(new InputPipe(range)) query: HandledInputOf<typeof GetCommunityStatistics>,
    @CurrentCall() call: Call,
  ): Promise<OutputOf<typeof GetCommunityStatistics>> {
    return this.messages.query(GetCommunityStatistics, query, call);
  }
}
