import { Body, Controller, Get, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { FindUsers, GetUser, GrantMembership, type Call, type OutputOf, type Profile } from '#contracts';
import { MessageClient } from '#messaging';
import { Endpoint } from '../rest/endpoint.decorator.js';
import { idParameter, InputPipe, strict } from '../rest/input.pipe.js';
import { CurrentCall, IdempotencyKey } from '../rest/request.call.js';

const findQuery = strict(FindUsers.input);
const grantBody = strict(GrantMembership.input.omit({ user_id: true }));

/** What admins do with a single member (B-04): find, look at, give a membership. */
@ApiTags('admin: users')
@Controller('v1/admin/users')
export class UserSearchController {
  constructor(private readonly messages: MessageClient) {}

  @Get()
  @Endpoint({ contract: FindUsers, access: { permission: 'user.read' }, query: findQuery })
  find(
    @Query(new InputPipe(findQuery)) query: z.output<typeof findQuery>,
    @CurrentCall() call: Call,
  ): Promise<OutputOf<typeof FindUsers>> {
    return this.messages.query(FindUsers, query, call);
  }

  @Get(':id')
  @Endpoint({ contract: GetUser, access: { permission: 'user.read' } })
  get(@Param('id', new InputPipe(idParameter)) userId: number, @CurrentCall() call: Call): Promise<Profile> {
    return this.messages.query(GetUser, { user_id: userId }, call);
  }

  @Post(':id/membership-grants')
  @Endpoint({
    contract: GrantMembership,
    access: { permission: 'membership.grant' },
    stepUp: 'sometimes',
    status: 201,
    body: grantBody,
    idempotent: true,
    description:
      'Either a plan of the catalogue or a number of days. A living membership is prolonged at its end (U-04). ' +
      'A plan without an end takes a fresh confirmation.',
    example: { body: { days: 14, reason: 'helped at the convention desk' } },
  })
  grant(
    @Param('id', new InputPipe(idParameter)) userId: number,
    @Body(new InputPipe(grantBody)) body: z.output<typeof grantBody>,
    @CurrentCall() call: Call,
    @IdempotencyKey() idempotencyKey: string | undefined,
  ): Promise<OutputOf<typeof GrantMembership>> {
    return this.messages.command(GrantMembership, { ...body, user_id: userId }, call, { idempotencyKey });
  }
}
