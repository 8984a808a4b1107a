import { Body, Controller, Get, Param, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import {
  GetEmailVerification,
  StartEmailVerification,
  type Call,
  type HandledInputOf,
  type OutputOf,
} from '#contracts';
import { MessageClient } from '#messaging';
import { LimitPerIp } from '../rest/access.decorator.js';
import { Endpoint } from '../rest/endpoint.decorator.js';
import { InputPipe, strict } from '../rest/input.pipe.js';
import { CurrentCall, IdempotencyKey } from '../rest/request.call.js';
import { verificationLimit } from './verification-limit.options.js';

const startBody = strict(StartEmailVerification.input);

/** Reverse e-mail verification (U-07). */
@ApiTags('verification')
@Controller('v1/users/me/email-verifications')
export class EmailVerificationController {
  constructor(private readonly messages: MessageClient) {}

  @Post()
  @LimitPerIp(verificationLimit)
  @Endpoint({
    contract: StartEmailVerification,
    access: 'member',
    status: 201,
    body: startBody,
    idempotent: true,
    example: { body: { email: 'alice@example.com' } },
  })
  start(
    @Body(new InputPipe(startBody)) body: HandledInputOf<typeof StartEmailVerification>,
    @CurrentCall() call: Call,
    @IdempotencyKey() idempotencyKey: string | undefined,
  ): Promise<OutputOf<typeof StartEmailVerification>> {
    return this.messages.command(StartEmailVerification, body, call, { idempotencyKey });
  }

  @Get(':id')
  @Endpoint({ contract: GetEmailVerification, access: 'member' })
  state(@Param('id') id: string, @CurrentCall() call: Call): Promise<OutputOf<typeof GetEmailVerification>> {
    return this.messages.query(GetEmailVerification, { id }, call);
  }
}
