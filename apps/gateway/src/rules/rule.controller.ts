import { Body, Controller, Delete, Get, Param, Patch, Post, Put, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import {
  ChangeRule,
  CreateRule,
  GetRule,
  ListRules,
  ListRuleVersions,
  RemoveRule,
  SwitchRule,
  type Call,
  type OutputOf,
} from '#contracts';
import { MessageClient } from '#messaging';
import { Endpoint } from '../rest/endpoint.decorator.js';
import { idParameter, InputPipe, pageQuery, strict } from '../rest/input.pipe.js';
import { CurrentCall, IdempotencyKey } from '../rest/request.call.js';

const createBody = strict(CreateRule.input);
const changeBody = strict(ChangeRule.input.omit({ id: true }));
const switchBody = strict(SwitchRule.input.omit({ id: true }));
const yesOrNo = z.enum(['true', 'false']).transform((text) => text === 'true');
const listQuery = z.strictObject({
  ...pageQuery.shape,
  enabled: yesOrNo.optional(),
  removed: yesOrNo.optional().describe('true: those that were removed, instead of those there are'),
});

export const exampleRule = {
  title: { zh: '周末签到', en: 'Weekend check-in', ru: 'Отметка в выходные' },
  event_type: 'points.checked_in.v1',
  condition: { and: [{ '>=': [{ var: 'weekday' }, 6] }, { '>=': [{ var: 'streak_days' }, 7] }] },
  points: 15,
  daily_limit: 1,
  daily_budget: 5000,
};

/** The rules that give points for events (P-06), for admins. */
@ApiTags('admin: rules')
@Controller('v1/admin/rules')
export class RuleController {
  constructor(private readonly messages: MessageClient) {}

  @Post()
  @Endpoint({
    contract: CreateRule,
    access: { permission: 'rule.manage' },
    status: 201,
    body: createBody,
    idempotent: true,
    example: { body: exampleRule },
    description:
      'A condition is JSON Logic of `and`, `or`, `!`, `==`, `!=`, `<`, `<=`, `>`, `>=` and `in`, each comparing a field ' +
      'of the event type (`{"var": "streak_days"}`) with a value. One that can never be true, or always is, is refused; ' +
      'so is a rule without any limit or budget.',
  })
  create(
    @Body(new InputPipe(createBody)) body: z.output<typeof createBody>,
    @CurrentCall() call: Call,
    @IdempotencyKey() idempotencyKey: string | undefined,
  ): Promise<OutputOf<typeof CreateRule>> {
    return this.messages.command(CreateRule, body, call, { idempotencyKey });
  }

  @Get()
  @Endpoint({ contract: ListRules, access: { permission: 'rule.read' }, query: listQuery })
  list(
    @Query(new InputPipe(listQuery)) query: z.output<typeof listQuery>,
    @CurrentCall() call: Call,
  ): Promise<OutputOf<typeof ListRules>> {
    return this.messages.query(ListRules, query, call);
  }

  @Get(':id')
  @Endpoint({ contract: GetRule, access: { permission: 'rule.read' } })
  get(
    @Param('id', new InputPipe(idParameter)) id: number,
    @CurrentCall() call: Call,
  ): Promise<OutputOf<typeof GetRule>> {
    return this.messages.query(GetRule, { id }, call);
  }

  @Patch(':id')
  @Endpoint({
    contract: ChangeRule,
    access: { permission: 'rule.manage' },
    body: changeBody,
    idempotent: true,
    example: { body: { points: 20, expected_version: 1 } },
  })
  change(
    @Param('id', new InputPipe(idParameter)) id: number,
    @Body(new InputPipe(changeBody)) body: z.output<typeof changeBody>,
    @CurrentCall() call: Call,
    @IdempotencyKey() idempotencyKey: string | undefined,
  ): Promise<OutputOf<typeof ChangeRule>> {
    return this.messages.command(ChangeRule, { ...body, id }, call, { idempotencyKey });
  }

  @Put(':id/switch')
  @Endpoint({
    contract: SwitchRule,
    access: { permission: 'rule.manage' },
    body: switchBody,
    example: { body: { enabled: true } },
  })
  switch(
    @Param('id', new InputPipe(idParameter)) id: number,
    @Body(new InputPipe(switchBody)) body: z.output<typeof switchBody>,
    @CurrentCall() call: Call,
  ): Promise<OutputOf<typeof SwitchRule>> {
    return this.messages.command(SwitchRule, { ...body, id }, call);
  }

  @Delete(':id')
  @Endpoint({ contract: RemoveRule, access: { permission: 'rule.manage' } })
  remove(
    @Param('id', new InputPipe(idParameter)) id: number,
    @CurrentCall() call: Call,
  ): Promise<OutputOf<typeof RemoveRule>> {
    return this.messages.command(RemoveRule, { id }, call);
  }

  @Get(':id/versions')
  @Endpoint({ contract: ListRuleVersions, access: { permission: 'rule.read' }, query: pageQuery })
  versions(
    @Param('id', new InputPipe(idParameter)) id: number,
    @Query(new InputPipe(pageQuery)) page: z.output<typeof pageQuery>,
    @CurrentCall() call: Call,
  ): Promise<OutputOf<typeof ListRuleVersions>> {
    return this.messages.query(ListRuleVersions, { ...page, id }, call);
  }
}
