import { Body, Controller, Get, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import {
  GetBotReadiness,
  importedRowSchema,
  ImportGroupMembers,
  importRowsAtMost,
  ListGroupMembers,
  ListGroups,
  RequestRosterCheck,
  sightingSourceSchema,
  standingSchema,
  type Call,
  type OutputOf,
} from '#contracts';
import { MessageClient } from '#messaging';
import { SweepTurnStore } from '../bot/roster/sweep-turn.store.js';
import { Endpoint } from '../rest/endpoint.decorator.js';
import { idParameter, InputPipe, pageQuery, strict } from '../rest/input.pipe.js';
import { CurrentCall, IdempotencyKey } from '../rest/request.call.js';

const membersQuery = z.strictObject({
  ...pageQuery.shape,
  standing: standingSchema.optional(),
  source: sightingSourceSchema.optional(),
  known: z
    .enum(['true', 'false'])
    .transform((text) => text === 'true')
    .optional(),
});
const noFields = z.strictObject({});
/** Not `z.output<...>`: the namespace exists at run time, and the document would name a class of that name as the body. */
type NoFields = Record<string, never>;
const importBody = z.strictObject({ rows: z.array(strict(importedRowSchema)).min(1).max(importRowsAtMost) });

/** The bot's groups and their rosters (U-12), for admins. */
@ApiTags('admin: groups')
@Controller('v1/admin')
export class GroupsController {
  constructor(
    private readonly messages: MessageClient,
    private readonly sweeps: SweepTurnStore,
  ) {}

  @Get('groups')
  @Endpoint({ contract: ListGroups, access: { permission: 'group.read' }, query: pageQuery })
  list(
    @Query(new InputPipe(pageQuery)) query: z.output<typeof pageQuery>,
    @CurrentCall() call: Call,
  ): Promise<OutputOf<typeof ListGroups>> {
    return this.messages.query(ListGroups, query, call);
  }

  @Get('groups/:id/members')
  @Endpoint({
    contract: ListGroupMembers,
    access: { permission: 'group.read' },
    query: membersQuery,
    description: 'Telegram does not list the members of a group: these are the people who were seen there, and how.',
  })
  members(
    @Param('id', new InputPipe(idParameter)) id: number,
    @Query(new InputPipe(membersQuery)) query: z.output<typeof membersQuery>,
    @CurrentCall() call: Call,
  ): Promise<OutputOf<typeof ListGroupMembers>> {
    return this.messages.query(ListGroupMembers, { ...query, group_id: id }, call);
  }

  @Post('groups/:id/member-imports')
  @Endpoint({
    contract: ImportGroupMembers,
    access: { permission: 'group.import' },
    status: 201,
    body: importBody,
    idempotent: true,
    description: 'A row that cannot be taken is refused by itself; the others are taken.',
    example: { body: { rows: [{ telegram_id: '10001', first_name: 'Alice', username: 'alice', standing: 'in' }] } },
  })
  importMembers(
    @Param('id', new InputPipe(idParameter)) id: number,
    @Body(new InputPipe(importBody)) body: z.output<typeof importBody>,
    @CurrentCall() call: Call,
    @IdempotencyKey() idempotencyKey: string | undefined,
  ): Promise<OutputOf<typeof ImportGroupMembers>> {
    return this.messages.command(ImportGroupMembers, { ...body, group_id: id }, call, { idempotencyKey });
  }

  @Post('groups/:id/roster-checks')
  @Endpoint({
    contract: RequestRosterCheck,
    access: { permission: 'group.import' },
    status: 202,
    idempotent: true,
    description:
      'Rosters are checked by themselves, bit by bit; this lets Telegram be asked about one group first. The roster has `checked_at`.',
  })
  async checkRoster(
    @Param('id', new InputPipe(idParameter)) id: number,
    @Body(new InputPipe(noFields)) _body: NoFields,
    @CurrentCall() call: Call,
    @IdempotencyKey() idempotencyKey: string | undefined,
  ): Promise<OutputOf<typeof RequestRosterCheck>> {
    const requested = await this.messages.command(RequestRosterCheck, { group_id: id }, call, { idempotencyKey });
    await this.sweeps.callRound();
    return requested;
  }

  @Get('bot-readiness')
  @Endpoint({ contract: GetBotReadiness, access: { permission: 'group.read' } })
  readiness(@CurrentCall() call: Call): Promise<OutputOf<typeof GetBotReadiness>> {
    return this.messages.query(GetBotReadiness, {}, call);
  }
}
