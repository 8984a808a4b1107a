import { Body, Controller, Get, Param, Post } from '@nestjs/common';
import { ApiParam, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { CheckConsolePassword, GetStepUp, StartStepUp, type Call, type OutputOf } from '#contracts';
import { MessageClient } from '#messaging';
import { Endpoint } from '../rest/endpoint.decorator.js';
import { InputPipe } from '../rest/input.pipe.js';
import { CurrentCall } from '../rest/request.call.js';
import { ConsoleLoginClient } from './console-login.client.js';

const startBody = z.strictObject({
  code: StartStepUp.input.shape.code,
  password: CheckConsolePassword.input.shape.password.optional(),
});
const stepUpId = z.string().min(1).max(36);

/** Fresh confirmations for what asks for one: `x-step-up` in the OpenAPI document (U-13). */
@ApiTags('auth')
@Controller('v1/auth/step-ups')
export class StepUpController {
  constructor(
    private readonly messages: MessageClient,
    private readonly logins: ConsoleLoginClient,
  ) {}

  @Post()
  @Endpoint({
    contract: StartStepUp,
    access: 'member',
    status: 201,
    body: startBody,
    description:
      'While it is pending, ask for it again; once confirmed it holds an access token that counts for five minutes.',
  })
  async start(
    @Body(new InputPipe(startBody)) body: z.output<typeof startBody>,
    @CurrentCall() call: Call,
  ): Promise<OutputOf<typeof StartStepUp>> {
    const { code, password } = body;
    const password_proof = password === undefined ? undefined : await this.logins.ownProof(password, call);
    return this.messages.command(StartStepUp, { code, password_proof }, call);
  }

  @Get(':id')
  @ApiParam({ name: 'id', schema: { type: 'string', maxLength: 36 } })
  @Endpoint({ contract: GetStepUp, access: 'member' })
  get(
    @Param('id', new InputPipe(stepUpId)) id: string,
    @CurrentCall() call: Call,
  ): Promise<OutputOf<typeof GetStepUp>> {
    return this.messages.query(GetStepUp, { id }, call);
  }
}
