import { Body, Controller, Get, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import {
  DebitHold,
  FreezePoints,
  ListImbalances,
  ListUserHolds,
  ListUserRecords,
  ReleaseHold,
  ReverseRecord,
  VerifyLedger,
  type Call,
  type HandledInputOf,
  type OutputOf,
} from '#contracts';
import { MessageClient } from '#messaging';
import { Endpoint } from '../rest/endpoint.decorator.js';
import { idParameter, InputPipe, pageQuery, strict, wholeNumber } from '../rest/input.pipe.js';
import { CurrentCall, IdempotencyKey } from '../rest/request.call.js';

const freezeBody = strict(FreezePoints.input);
const settleBody = strict(ReleaseHold.input.omit({ hold_id: true }));
const reverseBody = strict(ReverseRecord.input.omit({ record_id: true }));
const verifyQuery = z.strictObject({
  after_seal_id: wholeNumber.pipe(z.int().min(1)).optional(),
  limit: wholeNumber.pipe(z.int().min(1).max(20)).default(10),
});
const userQuery = z.strictObject({ ...pageQuery.shape, user_id: idParameter });

/** A member's account, for admins (P-01): its records, holds, and reversals. */
@ApiTags('admin: points')
@Controller('v1/admin/points')
export class LedgerAdminController {
  constructor(private readonly messages: MessageClient) {}

  @Get('records')
  @Endpoint({ contract: ListUserRecords, access: { permission: 'ledger.read' }, query: userQuery })
  records(
    @Query(new InputPipe(userQuery)) query: z.output<typeof userQuery>,
    @CurrentCall() call: Call,
  ): Promise<OutputOf<typeof ListUserRecords>> {
    return this.messages.query(ListUserRecords, query, call);
  }

  @Post('records/:id/reversals')
  @Endpoint({
    contract: ReverseRecord,
    access: { permission: 'ledger.reverse' },
    status: 201,
    body: reverseBody,
    idempotent: true,
    example: { body: { reason: 'posted for the wrong member' } },
  })
  reverse(
    @Param('id', new InputPipe(idParameter)) id: number,
    @Body(new InputPipe(reverseBody)) body: z.output<typeof reverseBody>,
    @CurrentCall() call: Call,
    @IdempotencyKey() idempotencyKey: string | undefined,
  ): Promise<OutputOf<typeof ReverseRecord>> {
    return this.messages.command(ReverseRecord, { ...body, record_id: id }, call, { idempotencyKey });
  }

  @Get('holds')
  @Endpoint({ contract: ListUserHolds, access: { permission: 'ledger.read' }, query: userQuery })
  holds(
    @Query(new InputPipe(userQuery)) query: z.output<typeof userQuery>,
    @CurrentCall() call: Call,
  ): Promise<OutputOf<typeof ListUserHolds>> {
    return this.messages.query(ListUserHolds, query, call);
  }

  @Post('holds')
  @Endpoint({
    contract: FreezePoints,
    access: { permission: 'hold.manage' },
    status: 201,
    body: freezeBody,
    idempotent: true,
    example: { body: { user_id: 1, points: 50, reason: 'a complaint is being looked into' } },
  })
  freeze(
    @Body(new InputPipe(freezeBody)) body: HandledInputOf<typeof FreezePoints>,
    @CurrentCall() call: Call,
    @IdempotencyKey() idempotencyKey: string | undefined,
  ): Promise<OutputOf<typeof FreezePoints>> {
    return this.messages.command(FreezePoints, body, call, { idempotencyKey });
  }

  @Post('holds/:id/releases')
  @Endpoint({
    contract: ReleaseHold,
    access: { permission: 'hold.manage' },
    status: 201,
    body: settleBody,
    idempotent: true,
    example: { body: { reason: 'the complaint was unfounded' } },
  })
  release(
    @Param('id', new InputPipe(idParameter)) id: number,
    @Body(new InputPipe(settleBody)) body: z.output<typeof settleBody>,
    @CurrentCall() call: Call,
    @IdempotencyKey() idempotencyKey: string | undefined,
  ): Promise<OutputOf<typeof ReleaseHold>> {
    return this.messages.command(ReleaseHold, { ...body, hold_id: id }, call, { idempotencyKey });
  }

  @Post('holds/:id/debits')
  @Endpoint({
    contract: DebitHold,
    access: { permission: 'hold.manage' },
    status: 201,
    body: settleBody,
    idempotent: true,
    example: { body: { points: 20, reason: 'the complaint was justified' } },
  })
  debit(
    @Param('id', new InputPipe(idParameter)) id: number,
    @Body(new InputPipe(settleBody)) body: z.output<typeof settleBody>,
    @CurrentCall() call: Call,
    @IdempotencyKey() idempotencyKey: string | undefined,
  ): Promise<OutputOf<typeof DebitHold>> {
    return this.messages.command(DebitHold, { ...body, hold_id: id }, call, { idempotencyKey });
  }

  @Get('ledger/verification')
  @Endpoint({ contract: VerifyLedger, access: { permission: 'ledger.read' }, query: verifyQuery })
  verify(
    @Query(new InputPipe(verifyQuery)) query: z.output<typeof verifyQuery>,
    @CurrentCall() call: Call,
  ): Promise<OutputOf<typeof VerifyLedger>> {
    return this.messages.query(VerifyLedger, query, call);
  }

  @Get('ledger/imbalances')
  @Endpoint({ contract: ListImbalances, access: { permission: 'ledger.read' }, query: pageQuery })
  imbalances(
    @Query(new InputPipe(pageQuery)) query: z.output<typeof pageQuery>,
    @CurrentCall() call: Call,
  ): Promise<OutputOf<typeof ListImbalances>> {
    return this.messages.query(ListImbalances, query, call);
  }
}
