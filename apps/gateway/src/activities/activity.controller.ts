import { Body, Controller, Delete, Get, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import {
  activityLists,
  CompleteActivity,
  GetActivity,
  JoinActivity,
  LeaveActivity,
  ListActivities,
  type Call,
  type OutputOf,
} from '#contracts';
import { MessageClient } from '#messaging';
import { Endpoint } from '../rest/endpoint.decorator.js';
import { idParameter, InputPipe, pageQuery, strict } from '../rest/input.pipe.js';
import { CurrentCall, IdempotencyKey } from '../rest/request.call.js';

const listQuery = z.strictObject({ ...pageQuery.shape, list: z.enum(activityLists).default('current') });
const joinBody = strict(JoinActivity.input.omit({ id: true }));
const completeBody = strict(CompleteActivity.input.omit({ id: true }));

/** Activities for members (P-05). */
@ApiTags('activities')
@Controller('v1/activities')
export class ActivityController {
  constructor(private readonly messages: MessageClient) {}

  @Get()
  @Endpoint({ contract: ListActivities, access: 'member', query: listQuery })
  list(
    @Query(new InputPipe(listQuery)) query: z.output<typeof listQuery>,
    @CurrentCall() call: Call,
  ): Promise<OutputOf<typeof ListActivities>> {
    return this.messages.query(ListActivities, query, call);
  }

  @Get(':id')
  @Endpoint({ contract: GetActivity, access: 'member' })
  get(
    @Param('id', new InputPipe(idParameter)) id: number,
    @CurrentCall() call: Call,
  ): Promise<OutputOf<typeof GetActivity>> {
    return this.messages.query(GetActivity, { id }, call);
  }

  @Post(':id/participation')
  @Endpoint({ contract: JoinActivity, access: 'member', status: 201, idempotent: true })
  join(
    @Param('id', new InputPipe(idParameter)) id: number,
    @Body(new InputPipe(joinBody)) _body: object,
    @CurrentCall() call: Call,
    @IdempotencyKey() idempotencyKey: string | undefined,
  ): Promise<OutputOf<typeof JoinActivity>> {
    return this.messages.command(JoinActivity, { id }, call, { idempotencyKey });
  }

  @Delete(':id/participation')
  @Endpoint({ contract: LeaveActivity, access: 'member' })
  leave(
    @Param('id', new InputPipe(idParameter)) id: number,
    @CurrentCall() call: Call,
  ): Promise<OutputOf<typeof LeaveActivity>> {
    return this.messages.command(LeaveActivity, { id }, call);
  }

  @Post(':id/completion')
  @Endpoint({
    contract: CompleteActivity,
    access: 'member',
    status: 201,
    body: completeBody,
    idempotent: true,
    example: { body: { code: 'STAGE2026' } },
    description: 'Needs what the way of the activity asks for: a code, a position, or nothing but the wish.',
  })
  complete(
    @Param('id', new InputPipe(idParameter)) id: number,
    @Body(new InputPipe(completeBody)) body: z.output<typeof completeBody>,
    @CurrentCall() call: Call,
    @IdempotencyKey() idempotencyKey: string | undefined,
  ): Promise<OutputOf<typeof CompleteActivity>> {
    return this.messages.command(CompleteActivity, { ...body, id }, call, { idempotencyKey });
  }
}
