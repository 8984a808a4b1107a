import { Body, Controller, Param, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { ConfirmEmailCode, SendEmailCode, type Call, type HandledInputOf, type OutputOf } from '#contracts';
import { MessageClient } from '#messaging';
import { LimitPerIp } from '../rest/access.decorator.js';
import { Endpoint } from '../rest/endpoint.decorator.js';
import { InputPipe, strict } from '../rest/input.pipe.js';
import { CurrentCall, IdempotencyKey } from '../rest/request.call.js';
import { verificationLimit } from './verification-limit.options.js';

const sendBody = strict(SendEmailCode.input);
const confirmBody = strict(ConfirmEmailCode.input.omit({ id: true }));

/** The fallback of reverse verification (U-09). */
@ApiTags('verification')
@Controller('v1/users/me/email-codes')
export class EmailCodeController {
  constructor(private readonly messages: MessageClient) {}

  @Post()
  @LimitPerIp(verificationLimit)
  @Endpoint({
    contract: SendEmailCode,
    access: 'member',
    status: 201,
    body: sendBody,
    idempotent: true,
    example: { body: { email: 'alice@example.com' } },
  })
  send(
    @Body(new InputPipe(sendBody)) body: HandledInputOf<typeof SendEmailCode>,
    @CurrentCall() call: Call,
    @IdempotencyKey() idempotencyKey: string | undefined,
  ): Promise<OutputOf<typeof SendEmailCode>> {
    return this.messages.command(SendEmailCode, body, call, { idempotencyKey });
  }

  @Post(':id/confirmations')
  @Endpoint({
    contract: ConfirmEmailCode,
    access: 'member',
    status: 201,
    body: confirmBody,
    idempotent: true,
    example: { body: { code: '483920' } },
  })
  confirm(
    @Param('id') id: string,
    @Body(new InputPipe(confirmBody)) body: z.output<typeof confirmBody>,
    @CurrentCall() call: Call,
    @IdempotencyKey() idempotencyKey: string | undefined,
  ): Promise<OutputOf<typeof ConfirmEmailCode>> {
    return this.messages.command(ConfirmEmailCode, { ...body, id }, call, { idempotencyKey });
  }
}
