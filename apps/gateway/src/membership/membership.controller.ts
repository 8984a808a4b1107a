import { Controller, Get, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { GetMembership, ListMembershipPeriods, ListPlans, type Call, type OutputOf } from '#contracts';
import { MessageClient } from '#messaging';
import { Endpoint } from '../rest/endpoint.decorator.js';
import { InputPipe, pageQuery } from '../rest/input.pipe.js';
import { CurrentCall } from '../rest/request.call.js';

/** How the membership stands and came about (E-01, U-06). */
@ApiTags('membership')
@Controller('v1')
export class MembershipController {
  constructor(private readonly messages: MessageClient) {}

  @Get('users/me/membership')
  @Endpoint({ contract: GetMembership, access: 'member' })
  membership(@CurrentCall() call: Call): Promise<OutputOf<typeof GetMembership>> {
    return this.messages.query(GetMembership, {}, call);
  }

  @Get('users/me/membership/periods')
  @Endpoint({ contract: ListMembershipPeriods, access: 'member', query: pageQuery })
  periods(
    @Query(new InputPipe(pageQuery)) page: z.output<typeof pageQuery>,
    @CurrentCall() call: Call,
  ): Promise<OutputOf<typeof ListMembershipPeriods>> {
    return this.messages.query(ListMembershipPeriods, page, call);
  }

  @Get('plans')
  @Endpoint({ contract: ListPlans, access: 'member' })
  plans(@CurrentCall() call: Call): Promise<OutputOf<typeof ListPlans>> {
    return this.messages.query(ListPlans, {}, call);
  }
}
