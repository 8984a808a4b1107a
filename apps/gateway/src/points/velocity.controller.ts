import { Body, Controller, Get, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import {
  AcknowledgeVelocityAlarm,
  alarmStateSchema,
  ChangeVelocityRule,
  CreateVelocityRule,
  ListVelocityAlarms,
  ListVelocityRules,
  ResolveVelocityAlarm,
  type Call,
  type HandledInputOf,
  type OutputOf,
} from '#contracts';
import { MessageClient } from '#messaging';
import { Endpoint } from '../rest/endpoint.decorator.js';
import { idParameter, InputPipe, pageQuery, strict } from '../rest/input.pipe.js';
import { CurrentCall, IdempotencyKey } from '../rest/request.call.js';

const createBody = strict(CreateVelocityRule.input);
const changeBody = strict(ChangeVelocityRule.input.omit({ id: true }));
const acknowledgeBody = strict(AcknowledgeVelocityAlarm.input.omit({ id: true }));
const resolveBody = strict(ResolveVelocityAlarm.input.omit({ id: true }));
const alarmsQuery = z.strictObject({
  ...pageQuery.shape,
  state: alarmStateSchema.optional(),
  rule_id: idParameter.optional(),
  user_id: idParameter.optional(),
});

/** Who gets points faster than usual (P-09), for admins. */
@ApiTags('admin: points')
@Controller('v1/admin')
export class VelocityController {
  constructor(private readonly messages: MessageClient) {}

  @Get('velocity-rules')
  @Endpoint({ contract: ListVelocityRules, access: { permission: 'velocity.read' } })
  listRules(@CurrentCall() call: Call): Promise<OutputOf<typeof ListVelocityRules>> {
    return this.messages.query(ListVelocityRules, {}, call);
  }

  @Post('velocity-rules')
  @Endpoint({
    contract: CreateVelocityRule,
    access: { permission: 'velocity.define' },
    status: 201,
    body: createBody,
    idempotent: true,
    description:
      'An alarm is raised when a window holds more than points_at_most or records_at_most; one of them is needed.',
    example: { body: { scope: 'member', name: 'much in an hour', window_minutes: 60, points_at_most: 2000 } },
  })
  createRule(
    @Body(new InputPipe(createBody)) body: HandledInputOf<typeof CreateVelocityRule>,
    @CurrentCall() call: Call,
    @IdempotencyKey() idempotencyKey: string | undefined,
  ): Promise<OutputOf<typeof CreateVelocityRule>> {
    return this.messages.command(CreateVelocityRule, body, call, { idempotencyKey });
  }

  @Patch('velocity-rules/:id')
  @Endpoint({
    contract: ChangeVelocityRule,
    access: { permission: 'velocity.define' },
    body: changeBody,
    idempotent: true,
    example: { body: { enabled: false } },
  })
  changeRule(
    @Param('id', new InputPipe(idParameter)) id: number,
    @Body(new InputPipe(changeBody)) body: z.output<typeof changeBody>,
    @CurrentCall() call: Call,
    @IdempotencyKey() idempotencyKey: string | undefined,
  ): Promise<OutputOf<typeof ChangeVelocityRule>> {
    return this.messages.command(ChangeVelocityRule, { ...body, id }, call, { idempotencyKey });
  }

  @Get('velocity-alarms')
  @Endpoint({ contract: ListVelocityAlarms, access: { permission: 'velocity.read' }, query: alarmsQuery })
  listAlarms(
    @Query(new InputPipe(alarmsQuery)) query: z.output<typeof alarmsQuery>,
    @CurrentCall() call: Call,
  ): Promise<OutputOf<typeof ListVelocityAlarms>> {
    return this.messages.query(ListVelocityAlarms, query, call);
  }

  @Post('velocity-alarms/:id/acknowledgements')
  @Endpoint({
    contract: AcknowledgeVelocityAlarm,
    access: { permission: 'velocity.decide' },
    status: 201,
    body: acknowledgeBody,
    idempotent: true,
    example: { body: { note: 'asking the member' } },
  })
  acknowledge(
    @Param('id', new InputPipe(idParameter)) id: number,
    @Body(new InputPipe(acknowledgeBody)) body: z.output<typeof acknowledgeBody>,
    @CurrentCall() call: Call,
    @IdempotencyKey() idempotencyKey: string | undefined,
  ): Promise<OutputOf<typeof AcknowledgeVelocityAlarm>> {
    return this.messages.command(AcknowledgeVelocityAlarm, { ...body, id }, call, { idempotencyKey });
  }

  @Post('velocity-alarms/:id/resolutions')
  @Endpoint({
    contract: ResolveVelocityAlarm,
    access: { permission: 'velocity.decide' },
    status: 201,
    body: resolveBody,
    idempotent: true,
    example: { body: { note: 'prizes of the contest, all right' } },
  })
  resolve(
    @Param('id', new InputPipe(idParameter)) id: number,
    @Body(new InputPipe(resolveBody)) body: z.output<typeof resolveBody>,
    @CurrentCall() call: Call,
    @IdempotencyKey() idempotencyKey: string | undefined,
  ): Promise<OutputOf<typeof ResolveVelocityAlarm>> {
    return this.messages.command(ResolveVelocityAlarm, { ...body, id }, call, { idempotencyKey });
  }
}
