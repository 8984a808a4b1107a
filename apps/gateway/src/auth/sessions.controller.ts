import { Body, Controller, Delete, Get, Param, Post } from '@nestjs/common';
import { ApiParam, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { ListSessions, RevokeOtherSessions, RevokeSession, type Call, type OutputOf } from '#contracts';
import { MessageClient } from '#messaging';
import { Endpoint } from '../rest/endpoint.decorator.js';
import { InputPipe, strict } from '../rest/input.pipe.js';
import { CurrentCall, IdempotencyKey } from '../rest/request.call.js';

const noFields = strict(RevokeOtherSessions.input);
/** Not `z.output<...>`: the namespace exists at run time, and the document would name a class of that name as the body. */
type NoFields = Record<string, never>;
const sessionId = z.string().min(1).max(36);

/** Where a member is signed in (U-14). */
@ApiTags('auth')
@Controller('v1/users/me/sessions')
export class SessionsController {
  constructor(private readonly messages: MessageClient) {}

  @Get()
  @Endpoint({ contract: ListSessions, access: 'member' })
  list(@CurrentCall() call: Call): Promise<OutputOf<typeof ListSessions>> {
    return this.messages.query(ListSessions, {}, call);
  }

  @Delete(':id')
  @ApiParam({ name: 'id', schema: { type: 'string', maxLength: 36 } })
  @Endpoint({
    contract: RevokeSession,
    access: 'member',
    description: 'Its refresh token is worth nothing at once, an access token for at most 15 minutes more.',
  })
  revoke(
    @Param('id', new InputPipe(sessionId)) session_id: string,
    @CurrentCall() call: Call,
  ): Promise<OutputOf<typeof RevokeSession>> {
    return this.messages.command(RevokeSession, { session_id }, call);
  }

  @Post('revoke-others')
  @Endpoint({ contract: RevokeOtherSessions, access: 'member', idempotent: true })
  revokeOthers(
    @Body(new InputPipe(noFields)) body: NoFields,
    @CurrentCall() call: Call,
    @IdempotencyKey() idempotencyKey: string | undefined,
  ): Promise<OutputOf<typeof RevokeOtherSessions>> {
    return this.messages.command(RevokeOtherSessions, body, call, { idempotencyKey });
  }
}
