import { Body, Controller, Get, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import {
  GetDeletion,
  RequestDeletion,
  RestoreAccount,
  type Call,
  type HandledInputOf,
  type OutputOf,
} from '#contracts';
import { MessageClient } from '#messaging';
import { Endpoint } from '../rest/endpoint.decorator.js';
import { InputPipe, strict } from '../rest/input.pipe.js';
import { CurrentCall, IdempotencyKey } from '../rest/request.call.js';

const noFields = strict(RequestDeletion.input);

/** Deletion with a grace period, and the way back (U-15). */
@ApiTags('privacy')
@Controller('v1/users/me')
export class DeletionController {
  constructor(private readonly messages: MessageClient) {}

  @Post('deletion')
  @Endpoint({
    contract: RequestDeletion,
    access: 'member',
    status: 202,
    idempotent: true,
    description:
      'From now on only the restoration, the archive and the profile answer; when it is due, everything is erased.',
    example: { data: { requested_at: '2026-03-01T08:00:00.000Z', due_at: '2026-03-31T08:00:00.000Z' } },
  })
  request(
    @Body(new InputPipe(noFields)) body: HandledInputOf<typeof RequestDeletion>,
    @CurrentCall() call: Call,
    @IdempotencyKey() idempotencyKey: string | undefined,
  ): Promise<OutputOf<typeof RequestDeletion>> {
    return this.messages.command(RequestDeletion, body, call, { idempotencyKey });
  }

  @Get('deletion')
  @Endpoint({ contract: GetDeletion, access: 'member' })
  get(@CurrentCall() call: Call): Promise<OutputOf<typeof GetDeletion>> {
    return this.messages.query(GetDeletion, {}, call);
  }

  @Post('restoration')
  @Endpoint({
    contract: RestoreAccount,
    access: 'member',
    status: 201,
    idempotent: true,
    example: { data: { restored: true } },
  })
  restore(
    @Body(new InputPipe(noFields)) body: HandledInputOf<typeof RestoreAccount>,
    @CurrentCall() call: Call,
    @IdempotencyKey() idempotencyKey: string | undefined,
  ): Promise<OutputOf<typeof RestoreAccount>> {
    return this.messages.command(RestoreAccount, body, call, { idempotencyKey });
  }
}
