import { Body, Controller, Get, Patch } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { ChangeSettings, GetSettings, type Call, type HandledInputOf, type OutputOf } from '#contracts';
import { MessageClient } from '#messaging';
import { Endpoint } from '../rest/endpoint.decorator.js';
import { InputPipe, strict } from '../rest/input.pipe.js';
import { CurrentCall, IdempotencyKey } from '../rest/request.call.js';

const changeBody = strict(ChangeSettings.input);

/** Profile and settings (U-11). */
@ApiTags('users')
@Controller('v1/users/me/settings')
export class SettingsController {
  constructor(private readonly messages: MessageClient) {}

  @Get()
  @Endpoint({ contract: GetSettings, access: 'member' })
  get(@CurrentCall() call: Call): Promise<OutputOf<typeof GetSettings>> {
    return this.messages.query(GetSettings, {}, call);
  }

  @Patch()
  @Endpoint({
    contract: ChangeSettings,
    access: 'member',
    body: changeBody,
    idempotent: true,
    description: 'What is left out stays as it is; null takes a value away; a region is replaced as a whole.',
    example: {
      body: {
        nickname: 'Sakura',
        timezone: 'Asia/Shanghai',
        region: { country: 'CN', province: 'CN-SH', city: 'Shanghai' },
        show_in_leaderboards: false,
      },
    },
  })
  change(
    @Body(new InputPipe(changeBody)) body: HandledInputOf<typeof ChangeSettings>,
    @CurrentCall() call: Call,
    @IdempotencyKey() idempotencyKey: string | undefined,
  ): Promise<OutputOf<typeof ChangeSettings>> {
    return this.messages.command(ChangeSettings, body, call, { idempotencyKey });
  }
}
