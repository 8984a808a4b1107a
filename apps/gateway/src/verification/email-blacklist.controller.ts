import { Body, Controller, Delete, Get, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import {
  AddToEmailBlacklist,
  blacklistKinds,
  CheckEmailAddress,
  ListEmailBlacklist,
  RemoveFromEmailBlacklist,
  type Call,
  type HandledInputOf,
  type OutputOf,
} from '#contracts';
import { MessageClient } from '#messaging';
import { Endpoint } from '../rest/endpoint.decorator.js';
import { idParameter, InputPipe, pageQuery, strict } from '../rest/input.pipe.js';
import { CurrentCall, IdempotencyKey } from '../rest/request.call.js';

const addBody = strict(AddToEmailBlacklist.input);
const listQuery = z.strictObject({
  ...pageQuery.shape,
  kind: z.enum(blacklistKinds).optional(),
  search: z.string().max(255).optional(),
});
const checkQuery = strict(CheckEmailAddress.input);

/** Who gets no verification code (U-08), for admins. */
@ApiTags('admin: e-mail blacklist')
@Controller('v1/admin')
export class EmailBlacklistController {
  constructor(private readonly messages: MessageClient) {}

  @Get('email-blacklist')
  @Endpoint({ contract: ListEmailBlacklist, access: { permission: 'email_blacklist.read' }, query: listQuery })
  list(
    @Query(new InputPipe(listQuery)) query: z.output<typeof listQuery>,
    @CurrentCall() call: Call,
  ): Promise<OutputOf<typeof ListEmailBlacklist>> {
    return this.messages.query(ListEmailBlacklist, query, call);
  }

  @Post('email-blacklist')
  @Endpoint({
    contract: AddToEmailBlacklist,
    access: { permission: 'email_blacklist.manage' },
    stepUp: 'sometimes',
    status: 201,
    body: addBody,
    idempotent: true,
    description: 'A pattern, which may fit many, takes a fresh confirmation.',
    example: { body: { kind: 'pattern', pattern: 'promo*@*.example', note: 'advertising in spring' } },
  })
  add(
    @Body(new InputPipe(addBody)) body: HandledInputOf<typeof AddToEmailBlacklist>,
    @CurrentCall() call: Call,
    @IdempotencyKey() idempotencyKey: string | undefined,
  ): Promise<OutputOf<typeof AddToEmailBlacklist>> {
    return this.messages.command(AddToEmailBlacklist, body, call, { idempotencyKey });
  }

  @Delete('email-blacklist/:id')
  @Endpoint({ contract: RemoveFromEmailBlacklist, access: { permission: 'email_blacklist.manage' } })
  remove(
    @Param('id', new InputPipe(idParameter)) id: number,
    @CurrentCall() call: Call,
  ): Promise<OutputOf<typeof RemoveFromEmailBlacklist>> {
    return this.messages.command(RemoveFromEmailBlacklist, { id }, call);
  }

  @Get('email-address-checks')
  @Endpoint({ contract: CheckEmailAddress, access: { permission: 'email_blacklist.read' }, query: checkQuery })
  check(
    @Query(new InputPipe(checkQuery)) query: z.output<typeof checkQuery>,
    @CurrentCall() call: Call,
  ): Promise<OutputOf<typeof CheckEmailAddress>> {
    return this.messages.query(CheckEmailAddress, query, call);
  }
}
