import { Body, Controller, Get, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import {
  DeclareAmnesty,
  GrantMakeupCards,
  ListAmnesties,
  UndoAmnesty,
  type Call,
  type HandledInputOf,
  type OutputOf,
} from '#contracts';
import { MessageClient } from '#messaging';
import { Endpoint } from '../rest/endpoint.decorator.js';
import { idParameter, InputPipe, pageQuery, strict } from '../rest/input.pipe.js';
import { CurrentCall, IdempotencyKey } from '../rest/request.call.js';

const declareBody = strict(DeclareAmnesty.input);
const undoBody = strict(UndoAmnesty.input.omit({ amnesty_id: true }));
const grantBody = strict(GrantMakeupCards.input.omit({ user_id: true }));

/** Outage amnesties (P-02) and makeup cards (P-03), for admins. */
@ApiTags('admin: check-in')
@Controller('v1/admin')
export class AmnestyController {
  constructor(private readonly messages: MessageClient) {}

  @Post('amnesties')
  @Endpoint({
    contract: DeclareAmnesty,
    access: { permission: 'amnesty.declare' },
    stepUp: true,
    status: 201,
    body: declareBody,
    idempotent: true,
    description:
      'Missing these days breaks no streak, and they count for none. Streaks are counted anew in the background.',
    example: { body: { from_day: '2026-03-01', until_day: '2026-03-02', reason: 'the bot was down' } },
  })
  declare(
    @Body(new InputPipe(declareBody)) body: HandledInputOf<typeof DeclareAmnesty>,
    @CurrentCall() call: Call,
    @IdempotencyKey() idempotencyKey: string | undefined,
  ): Promise<OutputOf<typeof DeclareAmnesty>> {
    return this.messages.command(DeclareAmnesty, body, call, { idempotencyKey });
  }

  @Get('amnesties')
  @Endpoint({ contract: ListAmnesties, access: { permission: 'amnesty.read' }, query: pageQuery })
  list(
    @Query(new InputPipe(pageQuery)) query: z.output<typeof pageQuery>,
    @CurrentCall() call: Call,
  ): Promise<OutputOf<typeof ListAmnesties>> {
    return this.messages.query(ListAmnesties, query, call);
  }

  @Post('amnesties/:id/undo')
  @Endpoint({
    contract: UndoAmnesty,
    access: { permission: 'amnesty.declare' },
    stepUp: true,
    status: 201,
    body: undoBody,
    idempotent: true,
    example: { body: { reason: 'the wrong week' } },
  })
  undo(
    @Param('id', new InputPipe(idParameter)) id: number,
    @Body(new InputPipe(undoBody)) body: z.output<typeof undoBody>,
    @CurrentCall() call: Call,
    @IdempotencyKey() idempotencyKey: string | undefined,
  ): Promise<OutputOf<typeof UndoAmnesty>> {
    return this.messages.command(UndoAmnesty, { ...body, amnesty_id: id }, call, { idempotencyKey });
  }

  @Post('users/:id/makeup-cards')
  @Endpoint({
    contract: GrantMakeupCards,
    access: { permission: 'makeup_card.grant' },
    status: 201,
    body: grantBody,
    idempotent: true,
    example: { body: { cards: 2, reason: 'thanks for helping at the convention' } },
  })
  grant(
    @Param('id', new InputPipe(idParameter)) userId: number,
    @Body(new InputPipe(grantBody)) body: z.output<typeof grantBody>,
    @CurrentCall() call: Call,
    @IdempotencyKey() idempotencyKey: string | undefined,
  ): Promise<OutputOf<typeof GrantMakeupCards>> {
    return this.messages.command(GrantMakeupCards, { ...body, user_id: userId }, call, { idempotencyKey });
  }
}
