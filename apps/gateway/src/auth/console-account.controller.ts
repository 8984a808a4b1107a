import { Body, Controller, Delete, Get, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import {
  CloseConsoleAccount,
  CreateConsoleAccount,
  ListConsoleAccounts,
  RenewConsolePassword,
  type Call,
  type OutputOf,
} from '#contracts';
import { MessageClient } from '#messaging';
import { Endpoint } from '../rest/endpoint.decorator.js';
import { idParameter, InputPipe, pageQuery, strict } from '../rest/input.pipe.js';
import { CurrentCall } from '../rest/request.call.js';

const createBody = strict(CreateConsoleAccount.input);
const access = { permission: 'console_account.manage' } as const;

/** Accounts of the admin console (U-13). Answers hold secrets, so a repeat is a new wish. */
@ApiTags('admin: console accounts')
@Controller('v1/admin/console-accounts')
export class ConsoleAccountController {
  constructor(private readonly messages: MessageClient) {}

  @Post()
  @Endpoint({
    contract: CreateConsoleAccount,
    access,
    stepUp: true,
    status: 201,
    body: createBody,
    example: { body: { user_id: 7, username: 'sakura' } },
  })
  create(
    @Body(new InputPipe(createBody)) body: z.output<typeof createBody>,
    @CurrentCall() call: Call,
  ): Promise<OutputOf<typeof CreateConsoleAccount>> {
    return this.messages.command(CreateConsoleAccount, body, call);
  }

  @Get()
  @Endpoint({ contract: ListConsoleAccounts, access, query: pageQuery })
  list(
    @Query(new InputPipe(pageQuery)) page: z.output<typeof pageQuery>,
    @CurrentCall() call: Call,
  ): Promise<OutputOf<typeof ListConsoleAccounts>> {
    return this.messages.query(ListConsoleAccounts, page, call);
  }

  @Post(':id/password-tokens')
  @Endpoint({ contract: RenewConsolePassword, access, stepUp: true, status: 201 })
  renew(
    @Param('id', new InputPipe(idParameter)) user_id: number,
    @CurrentCall() call: Call,
  ): Promise<OutputOf<typeof RenewConsolePassword>> {
    return this.messages.command(RenewConsolePassword, { user_id }, call);
  }

  @Delete(':id')
  @Endpoint({ contract: CloseConsoleAccount, access, stepUp: true })
  close(
    @Param('id', new InputPipe(idParameter)) user_id: number,
    @CurrentCall() call: Call,
  ): Promise<OutputOf<typeof CloseConsoleAccount>> {
    return this.messages.command(CloseConsoleAccount, { user_id }, call);
  }
}
