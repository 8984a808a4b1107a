import { Body, Controller, Get, Param, Put, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { contentStateSchema, DecideContent, ListSubmittedContents, type Call, type OutputOf } from '#contracts';
import { MessageClient } from '#messaging';
import { Endpoint } from '../rest/endpoint.decorator.js';
import { idParameter, InputPipe, pageQuery, strict } from '../rest/input.pipe.js';
import { CurrentCall } from '../rest/request.call.js';

const decisionBody = strict(DecideContent.input.omit({ id: true }));
const listQuery = z.strictObject({
  ...pageQuery.shape,
  status: contentStateSchema.default('pending'),
  user_id: idParameter.optional(),
});

/** The review of what members hand in (P-05). */
@ApiTags('admin: content')
@Controller('v1/admin/contents')
export class ContentAdminController {
  constructor(private readonly messages: MessageClient) {}

  @Get()
  @Endpoint({ contract: ListSubmittedContents, access: { permission: 'content.read' }, query: listQuery })
  list(
    @Query(new InputPipe(listQuery)) query: z.output<typeof listQuery>,
    @CurrentCall() call: Call,
  ): Promise<OutputOf<typeof ListSubmittedContents>> {
    return this.messages.query(ListSubmittedContents, query, call);
  }

  @Put(':id/decision')
  @Endpoint({
    contract: DecideContent,
    access: { permission: 'content.decide' },
    body: decisionBody,
    example: { body: { approved: true, points: 30 } },
  })
  decide(
    @Param('id', new InputPipe(idParameter)) id: number,
    @Body(new InputPipe(decisionBody)) body: z.output<typeof decisionBody>,
    @CurrentCall() call: Call,
  ): Promise<OutputOf<typeof DecideContent>> {
    return this.messages.command(DecideContent, { ...body, id }, call);
  }
}
