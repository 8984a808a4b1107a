import { Body, Controller, Get, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import {
  broadcastStatusSchema,
  broadcastTextsSchema,
  ChangeBroadcast,
  ConfirmBroadcast,
  CreateBroadcast,
  GetBroadcast,
  ListBroadcasts,
  PreviewBroadcast,
  segmentSchema,
  SteerBroadcast,
  TestBroadcast,
  type Broadcast,
  type Call,
  type OutputOf,
} from '#contracts';
import { MessageClient } from '#messaging';
import { Endpoint } from '../rest/endpoint.decorator.js';
import { idParameter, InputPipe, pageQuery, strict } from '../rest/input.pipe.js';
import { CurrentCall, IdempotencyKey } from '../rest/request.call.js';

const createBody = strict(CreateBroadcast.input).extend({
  texts: strict(broadcastTextsSchema),
  segment: strict(segmentSchema).default({}),
});
const changeBody = strict(ChangeBroadcast.input.omit({ id: true })).extend({
  texts: strict(broadcastTextsSchema).optional(),
  segment: strict(segmentSchema).optional(),
});
const confirmBody = strict(ConfirmBroadcast.input.omit({ id: true }));
const steerBody = strict(SteerBroadcast.input.omit({ id: true }));
const listQuery = z.strictObject({ ...pageQuery.shape, status: broadcastStatusSchema.optional() });
const exampleDraft = {
  title: 'Spring convention',
  texts: { en: 'The spring convention opens its doors on Saturday!', zh: '春季漫展本周六开幕！' },
  fallback: 'en',
  segment: { membership: ['trial', 'formal', 'permanent'], active_within_days: 90 },
};

const noFields = z.strictObject({});
/** Not `z.output<...>`: the namespace exists at run time, and the document would name a class of that name as the body. */
type NoFields = Record<string, never>;

/** Messages to many members (B-04, N-10), for admins. */
@ApiTags('admin: broadcasts')
@Controller('v1/admin/broadcasts')
export class BroadcastsController {
  constructor(private readonly messages: MessageClient) {}

  @Post()
  @Endpoint({
    contract: CreateBroadcast,
    access: { permission: 'broadcast.write' },
    status: 201,
    body: createBody,
    idempotent: true,
    example: { body: exampleDraft },
  })
  create(
    @Body(new InputPipe(createBody)) body: z.output<typeof createBody>,
    @CurrentCall() call: Call,
    @IdempotencyKey() idempotencyKey: string | undefined,
  ): Promise<Broadcast> {
    return this.messages.command(CreateBroadcast, body, call, { idempotencyKey });
  }

  @Get()
  @Endpoint({ contract: ListBroadcasts, access: { permission: 'broadcast.read' }, query: listQuery })
  list(
    @Query(new InputPipe(listQuery)) query: z.output<typeof listQuery>,
    @CurrentCall() call: Call,
  ): Promise<OutputOf<typeof ListBroadcasts>> {
    return this.messages.query(ListBroadcasts, query, call);
  }

  @Get(':id')
  @Endpoint({ contract: GetBroadcast, access: { permission: 'broadcast.read' } })
  get(@Param('id', new InputPipe(idParameter)) id: number, @CurrentCall() call: Call): Promise<Broadcast> {
    return this.messages.query(GetBroadcast, { id }, call);
  }

  @Patch(':id')
  @Endpoint({
    contract: ChangeBroadcast,
    access: { permission: 'broadcast.write' },
    body: changeBody,
    idempotent: true,
    example: { body: { fallback: null } },
  })
  change(
    @Param('id', new InputPipe(idParameter)) id: number,
    @Body(new InputPipe(changeBody)) body: z.output<typeof changeBody>,
    @CurrentCall() call: Call,
    @IdempotencyKey() idempotencyKey: string | undefined,
  ): Promise<Broadcast> {
    return this.messages.command(ChangeBroadcast, { ...body, id }, call, { idempotencyKey });
  }

  @Get(':id/preview')
  @Endpoint({ contract: PreviewBroadcast, access: { permission: 'broadcast.read' } })
  preview(
    @Param('id', new InputPipe(idParameter)) id: number,
    @CurrentCall() call: Call,
  ): Promise<OutputOf<typeof PreviewBroadcast>> {
    return this.messages.query(PreviewBroadcast, { id }, call);
  }

  @Post(':id/tests')
  @Endpoint({ contract: TestBroadcast, access: { permission: 'broadcast.write' }, status: 202, idempotent: true })
  test(
    @Param('id', new InputPipe(idParameter)) id: number,
    @Body(new InputPipe(noFields)) _body: NoFields,
    @CurrentCall() call: Call,
    @IdempotencyKey() idempotencyKey: string | undefined,
  ): Promise<OutputOf<typeof TestBroadcast>> {
    return this.messages.command(TestBroadcast, { id }, call, { idempotencyKey });
  }

  @Post(':id/confirmation')
  @Endpoint({
    contract: ConfirmBroadcast,
    access: { permission: 'broadcast.send' },
    stepUp: 'sometimes',
    status: 202,
    body: confirmBody,
    idempotent: true,
    description: 'One to everybody, whose segment leaves nobody out, takes a fresh confirmation.',
    example: { body: { recipients: 1200, digest: '0123456789abcdef' } },
  })
  confirm(
    @Param('id', new InputPipe(idParameter)) id: number,
    @Body(new InputPipe(confirmBody)) body: z.output<typeof confirmBody>,
    @CurrentCall() call: Call,
    @IdempotencyKey() idempotencyKey: string | undefined,
  ): Promise<Broadcast> {
    return this.messages.command(ConfirmBroadcast, { ...body, id }, call, { idempotencyKey });
  }

  @Post(':id/actions')
  @Endpoint({
    contract: SteerBroadcast,
    access: { permission: 'broadcast.send' },
    body: steerBody,
    idempotent: true,
    example: { body: { action: 'pause' } },
  })
  steer(
    @Param('id', new InputPipe(idParameter)) id: number,
    @Body(new InputPipe(steerBody)) body: z.output<typeof steerBody>,
    @CurrentCall() call: Call,
    @IdempotencyKey() idempotencyKey: string | undefined,
  ): Promise<Broadcast> {
    return this.messages.command(SteerBroadcast, { ...body, id }, call, { idempotencyKey });
  }
}
