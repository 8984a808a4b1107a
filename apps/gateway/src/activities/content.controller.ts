import { Body, Controller, Delete, Get, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import {
  ListOwnContents,
  ListPublishedContents,
  SubmitContent,
  WithdrawContent,
  type Call,
  type OutputOf,
} from '#contracts';
import { MessageClient } from '#messaging';
import { Endpoint } from '../rest/endpoint.decorator.js';
import { idParameter, InputPipe, pageQuery, strict } from '../rest/input.pipe.js';
import { CurrentCall, IdempotencyKey } from '../rest/request.call.js';

const submitBody = strict(SubmitContent.input);

/** What members publish (P-05). */
@ApiTags('content')
@Controller('v1')
export class ContentController {
  constructor(private readonly messages: MessageClient) {}

  @Post('contents')
  @Endpoint({
    contract: SubmitContent,
    access: 'member',
    status: 201,
    body: submitBody,
    idempotent: true,
    example: { body: { kind: 'link', title: 'Armour from foam', link: 'https://example.org/armour' } },
  })
  submit(
    @Body(new InputPipe(submitBody)) body: z.output<typeof submitBody>,
    @CurrentCall() call: Call,
    @IdempotencyKey() idempotencyKey: string | undefined,
  ): Promise<OutputOf<typeof SubmitContent>> {
    return this.messages.command(SubmitContent, body, call, { idempotencyKey });
  }

  @Get('contents')
  @Endpoint({ contract: ListPublishedContents, access: 'member', query: pageQuery })
  published(
    @Query(new InputPipe(pageQuery)) page: z.output<typeof pageQuery>,
    @CurrentCall() call: Call,
  ): Promise<OutputOf<typeof ListPublishedContents>> {
    return this.messages.query(ListPublishedContents, page, call);
  }

  @Delete('contents/:id')
  @Endpoint({ contract: WithdrawContent, access: 'member' })
  withdraw(
    @Param('id', new InputPipe(idParameter)) id: number,
    @CurrentCall() call: Call,
  ): Promise<OutputOf<typeof WithdrawContent>> {
    return this.messages.command(WithdrawContent, { id }, call);
  }

  @Get('users/me/contents')
  @Endpoint({ contract: ListOwnContents, access: 'member', query: pageQuery })
  own(
    @Query(new InputPipe(pageQuery)) page: z.output<typeof pageQuery>,
    @CurrentCall() call: Call,
  ): Promise<OutputOf<typeof ListOwnContents>> {
    return this.messages.query(ListOwnContents, page, call);
  }
}
