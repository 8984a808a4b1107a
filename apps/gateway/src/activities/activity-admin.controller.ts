import { Body, Controller, Get, Param, Patch, Post, Put, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import {
  activityStateSchema,
  ChangeActivity,
  CreateActivity,
  DecideParticipation,
  GetAdminActivity,
  ListAdminActivities,
  ListParticipants,
  participationStateSchema,
  SetActivityState,
  type Call,
  type OutputOf,
} from '#contracts';
import { MessageClient } from '#messaging';
import { Endpoint } from '../rest/endpoint.decorator.js';
import { idParameter, InputPipe, pageQuery, strict } from '../rest/input.pipe.js';
import { CurrentCall, IdempotencyKey } from '../rest/request.call.js';

const createBody = strict(CreateActivity.input);
const changeBody = strict(ChangeActivity.input.omit({ id: true }));
const stateBody = strict(SetActivityState.input.omit({ id: true }));
const decisionBody = strict(DecideParticipation.input.omit({ id: true }));
const listQuery = z.strictObject({ ...pageQuery.shape, state: activityStateSchema.optional() });
const participantsQuery = z.strictObject({ ...pageQuery.shape, status: participationStateSchema.optional() });

const exampleActivity = {
  title: { zh: '漫展合影', en: 'Group photo at the convention', ru: 'Общее фото на фестивале' },
  description: {
    zh: '下午三点在主舞台集合。',
    en: 'Meet at the main stage at 3 pm.',
    ru: 'Сбор у главной сцены в 15:00.',
  },
  starts_at: '2026-05-01T07:00:00.000Z',
  ends_at: '2026-05-01T09:00:00.000Z',
  capacity: 100,
  points: 50,
  way: 'code',
  code: 'STAGE2026',
};

/** Activities for admins (P-05). */
@ApiTags('admin: activities')
@Controller('v1/admin/activities')
export class ActivityAdminController {
  constructor(private readonly messages: MessageClient) {}

  @Post()
  @Endpoint({
    contract: CreateActivity,
    access: { permission: 'activity.manage' },
    status: 201,
    body: createBody,
    idempotent: true,
    example: { body: exampleActivity },
  })
  create(
    @Body(new InputPipe(createBody)) body: z.output<typeof createBody>,
    @CurrentCall() call: Call,
    @IdempotencyKey() idempotencyKey: string | undefined,
  ): Promise<OutputOf<typeof CreateActivity>> {
    return this.messages.command(CreateActivity, body, call, { idempotencyKey });
  }

  @Get()
  @Endpoint({ contract: ListAdminActivities, access: { permission: 'activity.read' }, query: listQuery })
  list(
    @Query(new InputPipe(listQuery)) query: z.output<typeof listQuery>,
    @CurrentCall() call: Call,
  ): Promise<OutputOf<typeof ListAdminActivities>> {
    return this.messages.query(ListAdminActivities, query, call);
  }

  @Get(':id')
  @Endpoint({ contract: GetAdminActivity, access: { permission: 'activity.read' } })
  get(
    @Param('id', new InputPipe(idParameter)) id: number,
    @CurrentCall() call: Call,
  ): Promise<OutputOf<typeof GetAdminActivity>> {
    return this.messages.query(GetAdminActivity, { id }, call);
  }

  @Patch(':id')
  @Endpoint({
    contract: ChangeActivity,
    access: { permission: 'activity.manage' },
    body: changeBody,
    idempotent: true,
    example: { body: { capacity: 150 } },
  })
  change(
    @Param('id', new InputPipe(idParameter)) id: number,
    @Body(new InputPipe(changeBody)) body: z.output<typeof changeBody>,
    @CurrentCall() call: Call,
    @IdempotencyKey() idempotencyKey: string | undefined,
  ): Promise<OutputOf<typeof ChangeActivity>> {
    return this.messages.command(ChangeActivity, { ...body, id }, call, { idempotencyKey });
  }

  @Put(':id/state')
  @Endpoint({
    contract: SetActivityState,
    access: { permission: 'activity.manage' },
    body: stateBody,
    example: { body: { state: 'open' } },
  })
  setState(
    @Param('id', new InputPipe(idParameter)) id: number,
    @Body(new InputPipe(stateBody)) body: z.output<typeof stateBody>,
    @CurrentCall() call: Call,
  ): Promise<OutputOf<typeof SetActivityState>> {
    return this.messages.command(SetActivityState, { ...body, id }, call);
  }

  @Get(':id/participants')
  @Endpoint({ contract: ListParticipants, access: { permission: 'activity.read' }, query: participantsQuery })
  participants(
    @Param('id', new InputPipe(idParameter)) id: number,
    @Query(new InputPipe(participantsQuery)) query: z.output<typeof participantsQuery>,
    @CurrentCall() call: Call,
  ): Promise<OutputOf<typeof ListParticipants>> {
    return this.messages.query(ListParticipants, { ...query, id }, call);
  }

  @Post(':id/decisions')
  @Endpoint({
    contract: DecideParticipation,
    access: { permission: 'participation.decide' },
    status: 201,
    body: decisionBody,
    idempotent: true,
    example: { body: { user_ids: [42, 43], approved: true }, data: { decided: [42, 43], skipped: [] } },
  })
  decide(
    @Param('id', new InputPipe(idParameter)) id: number,
    @Body(new InputPipe(decisionBody)) body: z.output<typeof decisionBody>,
    @CurrentCall() call: Call,
    @IdempotencyKey() idempotencyKey: string | undefined,
  ): Promise<OutputOf<typeof DecideParticipation>> {
    return this.messages.command(DecideParticipation, { ...body, id }, call, { idempotencyKey });
  }
}
