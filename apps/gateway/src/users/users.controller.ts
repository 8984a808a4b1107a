import { Body, Controller, Get, Patch } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { ChangeLocale, GetProfile, type Call, type HandledInputOf, type OwnProfile } from '#contracts';
import { MessageClient } from '#messaging';
import { Endpoint } from '../rest/endpoint.decorator.js';
import { InputPipe, strict } from '../rest/input.pipe.js';
import { CurrentCall, IdempotencyKey } from '../rest/request.call.js';

const changeBody = strict(ChangeLocale.input);

@ApiTags('users')
@Controller('v1/users/me')
export class UsersController {
  constructor(private readonly messages: MessageClient) {}

  @Get()
  @Endpoint({
    contract: GetProfile,
    access: 'member',
    description:
      'Points and membership are projections; the owners answer at /v1/points/balance and in the answers of their commands.',
  })
  me(@CurrentCall() call: Call): Promise<OwnProfile> {
    return this.messages.query(GetProfile, {}, call);
  }

  @Patch()
  @Endpoint({
    contract: ChangeLocale,
    access: 'member',
    body: changeBody,
    idempotent: true,
    example: { body: { locale: 'ru' } },
  })
  change(
    @Body(new InputPipe(changeBody)) body: HandledInputOf<typeof ChangeLocale>,
    @CurrentCall() call: Call,
    @IdempotencyKey() idempotencyKey: string | undefined,
  ): Promise<OwnProfile> {
    return this.messages.command(ChangeLocale, body, call, { idempotencyKey });
  }
}
