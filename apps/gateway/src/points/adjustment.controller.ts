import { Body, Controller, Get, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import {
  AdjustPoints,
  adjustmentStates,
  ApproveAdjustment,
  ListAdjustments,
  RejectAdjustment,
  type Call,
  type HandledInputOf,
  type OutputOf,
} from '#contracts';
import { MessageClient } from '#messaging';
import { Endpoint } from '../rest/endpoint.decorator.js';
import { idParameter, InputPipe, pageQuery, strict } from '../rest/input.pipe.js';
import { CurrentCall, IdempotencyKey } from '../rest/request.call.js';

const adjustBody = strict(AdjustPoints.input);
/** Not `z.output<...>`: the namespace exists at run time, and the document would name a class of that name as the body. */
type NoFields = Record<string, never>;
const approveBody = strict(ApproveAdjustment.input.omit({ id: true }));
const rejectBody = strict(RejectAdjustment.input.omit({ id: true }));
const adjustmentsQuery = z.strictObject({
  ...pageQuery.shape,
  state: z.enum(adjustmentStates).optional(),
  user_id: idParameter.optional(),
});

/** Corrections of members' points (P-09), for admins: small ones at once, large ones by two admins. */
@ApiTags('admin: points')
@Controller('v1/admin/point-adjustments')
export class AdjustmentController {
  constructor(private readonly messages: MessageClient) {}

  @Post()
  @Endpoint({
    contract: AdjustPoints,
    access: { permission: 'adjustment.request' },
    stepUp: 'sometimes',
    status: 201,
    body: adjustBody,
    idempotent: true,
    description:
      'Small ones are applied at once. Above the threshold, also when a day adds up, and for the own account another admin ' +
      'decides; asking for one takes a fresh confirmation.',
    example: { body: { user_id: 42, points: 50, reason: 'the photo contest was counted wrongly' } },
  })
  adjust(
    @Body(new InputPipe(adjustBody)) body: HandledInputOf<typeof AdjustPoints>,
    @CurrentCall() call: Call,
    @IdempotencyKey() idempotencyKey: string | undefined,
  ): Promise<OutputOf<typeof AdjustPoints>> {
    return this.messages.command(AdjustPoints, body, call, { idempotencyKey });
  }

  @Get()
  @Endpoint({ contract: ListAdjustments, access: { permission: 'adjustment.read' }, query: adjustmentsQuery })
  list(
    @Query(new InputPipe(adjustmentsQuery)) query: z.output<typeof adjustmentsQuery>,
    @CurrentCall() call: Call,
  ): Promise<OutputOf<typeof ListAdjustments>> {
    return this.messages.query(ListAdjustments, query, call);
  }

  @Post(':id/approvals')
  @Endpoint({
    contract: ApproveAdjustment,
    access: { permission: 'adjustment.decide' },
    stepUp: true,
    status: 201,
    idempotent: true,
  })
  approve(
    @Param('id', new InputPipe(idParameter)) id: number,
    @Body(new InputPipe(approveBody)) _body: NoFields,
    @CurrentCall() call: Call,
    @IdempotencyKey() idempotencyKey: string | undefined,
  ): Promise<OutputOf<typeof ApproveAdjustment>> {
    return this.messages.command(ApproveAdjustment, { id }, call, { idempotencyKey });
  }

  @Post(':id/rejections')
  @Endpoint({
    contract: RejectAdjustment,
    access: { permission: 'adjustment.decide' },
    status: 201,
    body: rejectBody,
    idempotent: true,
    example: { body: { note: 'the contest has no such prize' } },
  })
  reject(
    @Param('id', new InputPipe(idParameter)) id: number,
    @Body(new InputPipe(rejectBody)) body: z.output<typeof rejectBody>,
    @CurrentCall() call: Call,
    @IdempotencyKey() idempotencyKey: string | undefined,
  ): Promise<OutputOf<typeof RejectAdjustment>> {
    return this.messages.command(RejectAdjustment, { ...body, id }, call, { idempotencyKey });
  }
}
