import { Body, Controller, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { RegisterWithCode, type Call, type HandledInputOf, type OutputOf } from '#contracts';
import { MessageClient } from '#messaging';
import { Endpoint } from '../rest/endpoint.decorator.js';
import { InputPipe, strict } from '../rest/input.pipe.js';
import { CurrentCall, IdempotencyKey } from '../rest/request.call.js';

const body = strict(RegisterWithCode.input);

@ApiTags('registration')
@Controller('v1/registrations')
export class RegistrationController {
  constructor(private readonly messages: MessageClient) {}

  @Post()
  @Endpoint({
    contract: RegisterWithCode,
    access: 'member',
    status: 201,
    body,
    idempotent: true,
    example: {
      body: { invite_code: 'COSPLAY7' },
      data: {
        membership: {
          state: 'trial',
          plan: 'trial',
          started_at: '2026-03-01T08:00:00.000Z',
          expires_at: '2026-03-08T08:00:00.000Z',
        },
      },
    },
  })
  register(
    @Body(new InputPipe(body)) input: HandledInputOf<typeof RegisterWithCode>,
    @CurrentCall() call: Call,
    @IdempotencyKey() idempotencyKey: string | undefined,
  ): Promise<OutputOf<typeof RegisterWithCode>> {
    return this.messages.command(RegisterWithCode, input, call, { idempotencyKey });
  }
}
