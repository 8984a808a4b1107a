import { Body, Controller, Get, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import {
  CreateTag,
  ListTaggedUsers,
  ListTags,
  ListUserTags,
  RemoveTag,
  TagUser,
  UntagUser,
  type Call,
  type HandledInputOf,
  type OutputOf,
} from '#contracts';
import { MessageClient } from '#messaging';
import { Endpoint } from '../rest/endpoint.decorator.js';
import { idParameter, InputPipe, strict, wholeNumber } from '../rest/input.pipe.js';
import { CurrentCall, IdempotencyKey } from '../rest/request.call.js';

const createBody = strict(CreateTag.input);
const noFields = z.strictObject({});
const tagBody = z.strictObject({ tag_id: TagUser.input.shape.tag_id });
const segmentQuery = z.strictObject({
  after_user_id: wholeNumber.pipe(z.int().min(0)).default(0),
  limit: wholeNumber.pipe(z.int().min(1).max(1_000)).default(500),
});

/** Not `z.output<...>`: the namespace exists at run time, and the document would name a class of that name as the body. */
type NoFields = Record<string, never>;

/** Tags on members, and the segments they make (U-16). For admins. */
@ApiTags('admin: tags')
@Controller('v1/admin')
export class TagController {
  constructor(private readonly messages: MessageClient) {}

  @Post('tags')
  @Endpoint({
    contract: CreateTag,
    access: { permission: 'tag.manage' },
    status: 201,
    body: createBody,
    idempotent: true,
    example: { body: { name: 'spring convention' } },
  })
  create(
    @Body(new InputPipe(createBody)) body: HandledInputOf<typeof CreateTag>,
    @CurrentCall() call: Call,
    @IdempotencyKey() idempotencyKey: string | undefined,
  ): Promise<OutputOf<typeof CreateTag>> {
    return this.messages.command(CreateTag, body, call, { idempotencyKey });
  }

  @Get('tags')
  @Endpoint({ contract: ListTags, access: { permission: 'tag.read' } })
  list(@CurrentCall() call: Call): Promise<OutputOf<typeof ListTags>> {
    return this.messages.query(ListTags, {}, call);
  }

  @Get('tags/:id/users')
  @Endpoint({ contract: ListTaggedUsers, access: { permission: 'tag.read' }, query: segmentQuery })
  tagged(
    @Param('id', new InputPipe(idParameter)) tagId: number,
    @Query(new InputPipe(segmentQuery)) query: z.output<typeof segmentQuery>,
    @CurrentCall() call: Call,
  ): Promise<OutputOf<typeof ListTaggedUsers>> {
    return this.messages.query(ListTaggedUsers, { ...query, tag_id: tagId }, call);
  }

  @Post('tags/:id/removal')
  @Endpoint({ contract: RemoveTag, access: { permission: 'tag.manage' }, status: 201, idempotent: true })
  remove(
    @Param('id', new InputPipe(idParameter)) tagId: number,
    @Body(new InputPipe(noFields)) _body: NoFields,
    @CurrentCall() call: Call,
    @IdempotencyKey() idempotencyKey: string | undefined,
  ): Promise<OutputOf<typeof RemoveTag>> {
    return this.messages.command(RemoveTag, { tag_id: tagId }, call, { idempotencyKey });
  }

  @Get('users/:id/tags')
  @Endpoint({ contract: ListUserTags, access: { permission: 'tag.read' } })
  ofUser(
    @Param('id', new InputPipe(idParameter)) userId: number,
    @CurrentCall() call: Call,
  ): Promise<OutputOf<typeof ListUserTags>> {
    return this.messages.query(ListUserTags, { user_id: userId }, call);
  }

  @Post('users/:id/tags')
  @Endpoint({ contract: TagUser, access: { permission: 'tag.manage' }, status: 201, body: tagBody, idempotent: true })
  tag(
    @Param('id', new InputPipe(idParameter)) userId: number,
    @Body(new InputPipe(tagBody)) body: z.output<typeof tagBody>,
    @CurrentCall() call: Call,
    @IdempotencyKey() idempotencyKey: string | undefined,
  ): Promise<OutputOf<typeof TagUser>> {
    return this.messages.command(TagUser, { ...body, user_id: userId }, call, { idempotencyKey });
  }

  @Post('users/:id/tag-removals')
  @Endpoint({ contract: UntagUser, access: { permission: 'tag.manage' }, status: 201, body: tagBody, idempotent: true })
  untag(
    @Param('id', new InputPipe(idParameter)) userId: number,
    @Body(new InputPipe(tagBody)) body: z.output<typeof tagBody>,
    @CurrentCall() call: Call,
    @IdempotencyKey() idempotencyKey: string | undefined,
  ): Promise<OutputOf<typeof UntagUser>> {
    return this.messages.command(UntagUser, { ...body, user_id: userId }, call, { idempotencyKey });
  }
}
