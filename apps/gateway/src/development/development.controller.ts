import { Body, Controller, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { DropDevelopmentMail, SignInForDevelopment, type Call, type HandledInputOf, type OutputOf } from '#contracts';
import { MessageClient } from '#messaging';
import { Endpoint } from '../rest/endpoint.decorator.js';
import { InputPipe, strict } from '../rest/input.pipe.js';
import { CurrentCall, Device } from '../rest/request.call.js';

const signInBody = strict(SignInForDevelopment.input.omit({ device: true }));
const mailBody = strict(DropDevelopmentMail.input);

/** What only the embedded mode has; elsewhere these routes do not exist. */
@ApiTags('development')
@Controller('v1')
export class DevelopmentController {
  constructor(private readonly messages: MessageClient) {}

  @Post('auth/dev-login')
  @Endpoint({
    contract: SignInForDevelopment,
    access: 'public',
    body: signInBody,
    example: { body: { telegram_id: '1001', first_name: 'Alice', language_code: 'en', role: 'admin' } },
  })
  signIn(
    @Body(new InputPipe(signInBody)) body: z.output<typeof signInBody>,
    @Device() device: string | null,
    @CurrentCall() call: Call,
  ): Promise<OutputOf<typeof SignInForDevelopment>> {
    return this.messages.command(SignInForDevelopment, { ...body, device }, call);
  }

  @Post('dev/mails')
  @Endpoint({
    contract: DropDevelopmentMail,
    access: 'public',
    status: 202,
    body: mailBody,
    example: { body: { from: 'alice@example.com', subject: '123456', text: '' } },
  })
  dropMail(
    @Body(new InputPipe(mailBody)) body: HandledInputOf<typeof DropDevelopmentMail>,
    @CurrentCall() call: Call,
  ): Promise<OutputOf<typeof DropDevelopmentMail>> {
    return this.messages.command(DropDevelopmentMail, body, call);
  }
}
