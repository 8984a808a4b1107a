import { Body, Controller, Get, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { CheckIn, GetCheckInToday, type Call, type HandledInputOf, type OutputOf } from '#contracts';
import { MessageClient } from '#messaging';
import { Endpoint } from '../rest/endpoint.decorator.js';
import { InputPipe, strict } from '../rest/input.pipe.js';
import { CurrentCall, IdempotencyKey } from '../rest/request.call.js';

const noFields = strict(CheckIn.input);

/** Daily check-in (P-02). */
@ApiTags('check-in')
@Controller('v1/check-ins')
export class CheckInController {
  constructor(private readonly messages: MessageClient) {}

  @Post()
  @Endpoint({
    contract: CheckIn,
    access: 'member',
    status: 201,
    idempotent: true,
    example: {
      data: {
        id: 1,
        day: '2026-03-01',
        points: 30,
        base_points: 10,
        bonuses: [{ streak_days: 7, points: 20 }],
        streak_days: 7,
        total_days: 7,
        balance: 90,
        checked_in_at: '2026-03-01T08:00:00.000Z',
      },
    },
  })
  checkIn(
    @Body(new InputPipe(noFields)) body: HandledInputOf<typeof CheckIn>,
    @CurrentCall() call: Call,
    @IdempotencyKey() idempotencyKey: string | undefined,
  ): Promise<OutputOf<typeof CheckIn>> {
    return this.messages.command(CheckIn, body, call, { idempotencyKey });
  }

  @Get('today')
  @Endpoint({ contract: GetCheckInToday, access: 'member' })
  today(@CurrentCall() call: Call): Promise<OutputOf<typeof GetCheckInToday>> {
    return this.messages.query(GetCheckInToday, {}, call);
  }
}
