import { Body, Controller, Get, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import {
  CheckIn,
  GetCheckInCalendar,
  GetCheckInToday,
  MakeUpDay,
  type Call,
  type HandledInputOf,
  type OutputOf,
} from '#contracts';
import { MessageClient } from '#messaging';
import { Endpoint } from '../rest/endpoint.decorator.js';
import { InputPipe, strict } from '../rest/input.pipe.js';
import { CurrentCall, IdempotencyKey } from '../rest/request.call.js';

const noFields = strict(CheckIn.input);
const makeupBody = strict(MakeUpDay.input);
const calendarQuery = strict(GetCheckInCalendar.input);

/** Daily check-in (P-02), makeup (P-03) and calendar. */
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
        makeup_cards: 4,
        cards_earned: 1,
        rank: { name: 'bronze', stars: 7 },
        rank_reached: false,
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

  @Get('calendar')
  @Endpoint({ contract: GetCheckInCalendar, access: 'member', query: calendarQuery })
  calendar(
    @Query(new InputPipe(calendarQuery)) query: z.output<typeof calendarQuery>,
    @CurrentCall() call: Call,
  ): Promise<OutputOf<typeof GetCheckInCalendar>> {
    return this.messages.query(GetCheckInCalendar, query, call);
  }

  @Post('makeups')
  @Endpoint({
    contract: MakeUpDay,
    access: 'member',
    status: 201,
    body: makeupBody,
    idempotent: true,
    example: { body: { day: '2026-02-27' } },
  })
  makeUp(
    @Body(new InputPipe(makeupBody)) body: HandledInputOf<typeof MakeUpDay>,
    @CurrentCall() call: Call,
    @IdempotencyKey() idempotencyKey: string | undefined,
  ): Promise<OutputOf<typeof MakeUpDay>> {
    return this.messages.command(MakeUpDay, body, call, { idempotencyKey });
  }
}
