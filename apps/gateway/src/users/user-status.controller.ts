import { Body, Controller, Param, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { BanUser, UnbanUser, type Call, type OutputOf } from '#contracts';
import { MessageClient } from '#messaging';
import { Endpoint } from '../rest/endpoint.decorator.js';
import { idParameter, InputPipe, strict } from '../rest/input.pipe.js';
import { CurrentCall, IdempotencyKey } from '../rest/request.call.js';

const banBody = strict(BanUser.input.omit({ user_id: true }));
const unbanBody = strict(UnbanUser.input.omit({ user_id: true }));

/** Bans and their end (U-01), for admins. */
@ApiTags('admin: users')
@Controller('v1/admin/users/:id')
export class UserStatusController {
  constructor(private readonly messages: MessageClient) {}

  @Post('bans')
  @Endpoint({
    contract: BanUser,
    access: { permission: 'user.ban' },
    stepUp: true,
    status: 201,
    body: banBody,
    idempotent: true,
    description: 'Every session ends at once; tokens that are still valid are refused within about two seconds.',
    example: { body: { reason: 'sells invite codes' }, data: { user_id: 7, status: 'banned' } },
  })
  ban(
    @Param('id', new InputPipe(idParameter)) userId: number,
    @Body(new InputPipe(banBody)) body: z.output<typeof banBody>,
    @CurrentCall() call: Call,
    @IdempotencyKey() idempotencyKey: string | undefined,
  ): Promise<OutputOf<typeof BanUser>> {
    return this.messages.command(BanUser, { ...body, user_id: userId }, call, { idempotencyKey });
  }

  @Post('unbans')
  @Endpoint({
    contract: UnbanUser,
    access: { permission: 'user.ban' },
    status: 201,
    body: unbanBody,
    idempotent: true,
    example: { body: { reason: 'it was a misunderstanding' }, data: { user_id: 7, status: 'active' } },
  })
  unban(
    @Param('id', new InputPipe(idParameter)) userId: number,
    @Body(new InputPipe(unbanBody)) body: z.output<typeof unbanBody>,
    @CurrentCall() call: Call,
    @IdempotencyKey() idempotencyKey: string | undefined,
  ): Promise<OutputOf<typeof UnbanUser>> {
    return this.messages.command(UnbanUser, { ...body, user_id: userId }, call, { idempotencyKey });
  }
}
