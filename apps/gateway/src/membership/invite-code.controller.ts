import { Body, Controller, Get, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { CreateMemberCode, ListMemberCodes, type Call, type HandledInputOf, type OutputOf } from '#contracts';
import { MessageClient } from '#messaging';
import { Endpoint } from '../rest/endpoint.decorator.js';
import { InputPipe, pageQuery, strict } from '../rest/input.pipe.js';
import { CurrentCall, IdempotencyKey } from '../rest/request.call.js';

const noFields = strict(CreateMemberCode.input);

/** A member's own invite codes (U-05). */
@ApiTags('invite codes')
@Controller('v1/invite-codes')
export class InviteCodeController {
  constructor(private readonly messages: MessageClient) {}

  @Post()
  @Endpoint({ contract: CreateMemberCode, access: 'member', status: 201, idempotent: true })
  create(
    @Body(new InputPipe(noFields)) body: HandledInputOf<typeof CreateMemberCode>,
    @CurrentCall() call: Call,
    @IdempotencyKey() idempotencyKey: string | undefined,
  ): Promise<OutputOf<typeof CreateMemberCode>> {
    return this.messages.command(CreateMemberCode, body, call, { idempotencyKey });
  }

  @Get()
  @Endpoint({ contract: ListMemberCodes, access: 'member', query: pageQuery })
  list(
    @Query(new InputPipe(pageQuery)) page: z.output<typeof pageQuery>,
    @CurrentCall() call: Call,
  ): Promise<OutputOf<typeof ListMemberCodes>> {
    return this.messages.query(ListMemberCodes, page, call);
  }
}
