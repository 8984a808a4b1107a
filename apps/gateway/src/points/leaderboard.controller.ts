import { Body, Controller, Get, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import {
  GetLeaderboard,
  GetLeaderboardHistory,
  GetMyStanding,
  RebuildLeaderboards,
  type Call,
  type HandledInputOf,
  type OutputOf,
} from '#contracts';
import { MessageClient } from '#messaging';
import { Endpoint } from '../rest/endpoint.decorator.js';
import { InputPipe, strict } from '../rest/input.pipe.js';
import { CurrentCall, IdempotencyKey } from '../rest/request.call.js';

const boardQuery = strict(
  GetLeaderboard.input.extend({
    page: z.coerce.number().pipe(z.int().min(1).max(100)).default(1),
    page_size: z.coerce.number().pipe(z.int().min(1).max(100)).default(20),
  }),
);
const standingQuery = strict(
  GetMyStanding.input.extend({ neighbours: z.coerce.number().pipe(z.int().min(0).max(10)).default(2) }),
);
const historyQuery = strict(GetLeaderboardHistory.input);
const noFields = strict(RebuildLeaderboards.input);

/** Leaderboards (P-08): points earned and days checked in, by day, week, month and ever; national, province, city, group. */
@ApiTags('leaderboards')
@Controller('v1/leaderboards')
export class LeaderboardController {
  constructor(private readonly messages: MessageClient) {}

  @Get()
  @Endpoint({
    contract: GetLeaderboard,
    access: 'member',
    query: boardQuery,
    description: 'The national board is for VIP members and staff. Province and city are the caller’s own.',
    example: {
      data: {
        metric: 'points',
        period: 'month',
        scope: 'city',
        place: 'Shanghai',
        members: 2,
        page: 1,
        page_size: 20,
        items: [
          { rank: 1, name: 'Mika', score: 320, is_me: false },
          { rank: 2, name: 'Ren', score: 300, is_me: true },
        ],
      },
    },
  })
  board(
    @Query(new InputPipe(boardQuery)) query: z.output<typeof boardQuery>,
    @CurrentCall() call: Call,
  ): Promise<OutputOf<typeof GetLeaderboard>> {
    return this.messages.query(GetLeaderboard, query, call);
  }

  @Get('me')
  @Endpoint({ contract: GetMyStanding, access: 'member', query: standingQuery })
  me(
    @Query(new InputPipe(standingQuery)) query: z.output<typeof standingQuery>,
    @CurrentCall() call: Call,
  ): Promise<OutputOf<typeof GetMyStanding>> {
    return this.messages.query(GetMyStanding, query, call);
  }

  @Get('history')
  @Endpoint({ contract: GetLeaderboardHistory, access: 'member', query: historyQuery })
  history(
    @Query(new InputPipe(historyQuery)) query: z.output<typeof historyQuery>,
    @CurrentCall() call: Call,
  ): Promise<OutputOf<typeof GetLeaderboardHistory>> {
    return this.messages.query(GetLeaderboardHistory, query, call);
  }

  @Post('rebuild')
  @Endpoint({
    contract: RebuildLeaderboards,
    access: { permission: 'leaderboard.rebuild' },
    status: 201,
    idempotent: true,
    description: 'The job makes them anew at its next round; until then the old boards answer.',
  })
  rebuild(
    @Body(new InputPipe(noFields)) body: HandledInputOf<typeof RebuildLeaderboards>,
    @CurrentCall() call: Call,
    @IdempotencyKey() idempotencyKey: string | undefined,
  ): Promise<OutputOf<typeof RebuildLeaderboards>> {
    return this.messages.command(RebuildLeaderboards, body, call, { idempotencyKey });
  }
}
