import { Body, Controller, Delete, Get, Param, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import {
  ConfirmPhoneVerification,
  GetPhone,
  StartPhoneVerification,
  UnbindPhone,
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

const startBody = strict(StartPhoneVerification.input);
const confirmBody = strict(ConfirmPhoneVerification.input.omit({ id: true }));

/** The member's phone number, proven by an SMS code (U-10); by Telegram contact it is proven in the bot. */
@ApiTags('verification')
@Controller('v1/users/me')
export class PhoneController {
  constructor(private readonly messages: MessageClient) {}

  @Post('phone-verifications')
  @LimitPerIp(verificationLimit)
  @Endpoint({
    contract: StartPhoneVerification,
    access: 'member',
    status: 201,
    body: startBody,
    idempotent: true,
    example: { body: { phone: '+8613800138000' } },
  })
  start(
    @Body(new InputPipe(startBody)) body: HandledInputOf<typeof StartPhoneVerification>,
    @CurrentCall() call: Call,
    @IdempotencyKey() idempotencyKey: string | undefined,
  ): Promise<OutputOf<typeof StartPhoneVerification>> {
    return this.messages.command(StartPhoneVerification, body, call, { idempotencyKey });
  }

  @Post('phone-verifications/:id/confirmations')
  @Endpoint({
    contract: ConfirmPhoneVerification,
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
  ): Promise<OutputOf<typeof ConfirmPhoneVerification>> {
    return this.messages.command(ConfirmPhoneVerification, { ...body, id }, call, { idempotencyKey });
  }

  @Get('phone')
  @Endpoint({ contract: GetPhone, access: 'member' })
  phone(@CurrentCall() call: Call): Promise<OutputOf<typeof GetPhone>> {
    return this.messages.query(GetPhone, {}, call);
  }

  @Delete('phone')
  @Endpoint({ contract: UnbindPhone, access: 'member' })
  unbind(@CurrentCall() call: Call): Promise<OutputOf<typeof UnbindPhone>> {
    return this.messages.command(UnbindPhone, {}, call);
  }
}
