import { Body, Controller, Get, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import {
  ChangeSystemCode,
  CreateSystemCodes,
  inviteCodeKinds,
  ListSystemCodes,
  ResetTrial,
  type Call,
  type HandledInputOf,
  type OutputOf,
} from '#contracts';
import { MessageClient } from '#messaging';
import { Endpoint } from '../rest/endpoint.decorator.js';
import { idParameter, InputPipe, pageQuery, strict } from '../rest/input.pipe.js';
import { CurrentCall, IdempotencyKey } from '../rest/request.call.js';

const createBody = strict(CreateSystemCodes.input);
const changeBody = strict(ChangeSystemCode.input.omit({ id: true }));
const resetBody = strict(ResetTrial.input.omit({ user_id: true }));
const codesQuery = z.strictObject({
  ...pageQuery.shape,
  kind: z.enum(inviteCodeKinds).optional(),
  batch: z.string().max(64).optional(),
});

/** The system's invite codes and trials (U-02, U-05), for admins. */
@ApiTags('admin: invite codes')
@Controller('v1/admin')
export class SystemCodeController {
  constructor(private readonly messages: MessageClient) {}

  @Post('invite-codes')
  @Endpoint({
    contract: CreateSystemCodes,
    access: { permission: 'invite_code.manage' },
    stepUp: 'sometimes',
    description: 'Codes for memberships without an end take a fresh confirmation.',
    status: 201,
    body: createBody,
    idempotent: true,
    example: { body: { kind: 'system_formal', plan: 'month', count: 10, max_uses: 1, batch: 'spring-convention' } },
  })
  create(
    @Body(new InputPipe(createBody)) body: HandledInputOf<typeof CreateSystemCodes>,
    @CurrentCall() call: Call,
    @IdempotencyKey() idempotencyKey: string | undefined,
  ): Promise<OutputOf<typeof CreateSystemCodes>> {
    return this.messages.command(CreateSystemCodes, body, call, { idempotencyKey });
  }

  @Get('invite-codes')
  @Endpoint({ contract: ListSystemCodes, access: { permission: 'invite_code.manage' }, query: codesQuery })
  list(
    @Query(new InputPipe(codesQuery)) query: z.output<typeof codesQuery>,
    @CurrentCall() call: Call,
  ): Promise<OutputOf<typeof ListSystemCodes>> {
    return this.messages.query(ListSystemCodes, query, call);
  }

  @Patch('invite-codes/:id')
  @Endpoint({
    contract: ChangeSystemCode,
    access: { permission: 'invite_code.manage' },
    stepUp: 'sometimes',
    description: 'Opening a code for memberships without an end takes a fresh confirmation.',
    body: changeBody,
    idempotent: true,
    example: { body: { enabled: false } },
  })
  change(
    @Param('id', new InputPipe(idParameter)) id: number,
    @Body(new InputPipe(changeBody)) body: z.output<typeof changeBody>,
    @CurrentCall() call: Call,
    @IdempotencyKey() idempotencyKey: string | undefined,
  ): Promise<OutputOf<typeof ChangeSystemCode>> {
    return this.messages.command(ChangeSystemCode, { ...body, id }, call, { idempotencyKey });
  }

  @Post('users/:id/trial-resets')
  @Endpoint({
    contract: ResetTrial,
    access: { permission: 'trial.reset' },
    status: 201,
    body: resetBody,
    idempotent: true,
    example: { body: { reason: 'the first trial fell into the outage' } },
  })
  resetTrial(
    @Param('id', new InputPipe(idParameter)) userId: number,
    @Body(new InputPipe(resetBody)) body: z.output<typeof resetBody>,
    @CurrentCall() call: Call,
    @IdempotencyKey() idempotencyKey: string | undefined,
  ): Promise<OutputOf<typeof ResetTrial>> {
    return this.messages.command(ResetTrial, { ...body, user_id: userId }, call, { idempotencyKey });
  }
}
