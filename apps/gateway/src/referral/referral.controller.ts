import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import {
  GetReferralStatistics,
  GetReferralTree,
  ListMyInvitees,
  referralDepthAtMost,
  timeSchema,
  type Call,
  type OutputOf,
} from '#contracts';
import { MessageClient } from '#messaging';
import { Endpoint } from '../rest/endpoint.decorator.js';
import { idParameter, InputPipe, pageQuery, wholeNumber } from '../rest/input.pipe.js';
import { CurrentCall } from '../rest/request.call.js';

const treeQuery = z.strictObject({ depth: wholeNumber.pipe(z.int().min(1).max(referralDepthAtMost)).default(3) });
const statisticsQuery = z.strictObject({
  from: timeSchema,
  to: timeSchema,
  top: wholeNumber.pipe(z.int().min(1).max(100)).default(10),
});

/** Who invited whom (U-16). */
@ApiTags('referral')
@Controller('v1')
export class ReferralController {
  constructor(private readonly messages: MessageClient) {}

  @Get('users/me/invitees')
  @Endpoint({ contract: ListMyInvitees, access: 'member', query: pageQuery })
  invitees(
    @Query(new InputPipe(pageQuery)) page: z.output<typeof pageQuery>,
    @CurrentCall() call: Call,
  ): Promise<OutputOf<typeof ListMyInvitees>> {
    return this.messages.query(ListMyInvitees, page, call);
  }

  @Get('admin/users/:id/referrals')
  @Endpoint({ contract: GetReferralTree, access: { permission: 'referral.read' }, query: treeQuery })
  tree(
    @Param('id', new InputPipe(idParameter)) userId: number,
    @Query(new InputPipe(treeQuery)) query: z.output<typeof treeQuery>,
    @CurrentCall() call: Call,
  ): Promise<OutputOf<typeof GetReferralTree>> {
    return this.messages.query(GetReferralTree, { ...query, user_id: userId }, call);
  }

  @Get('admin/statistics/referrals')
  @Endpoint({ contract: GetReferralStatistics, access: { permission: 'statistics.read' }, query: statisticsQuery })
  statistics(
    @Query(new InputPipe(statisticsQuery)) query: z.output<typeof statisticsQuery>,
    @CurrentCall() call: Call,
  ): Promise<OutputOf<typeof GetReferralStatistics>> {
    return this.messages.query(GetReferralStatistics, query, call);
  }
}
