import { Body, Controller, Get, Param, Post, Put, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import {
  DryRunRule,
  ExplainRuleEvent,
  GetRuleSwitch,
  ListRuleEvents,
  ListRuleEventTypes,
  ReportBusinessEvent,
  SwitchAllRules,
  type Call,
  type OutputOf,
} from '#contracts';
import { MessageClient } from '#messaging';
import { Endpoint } from '../rest/endpoint.decorator.js';
import { idParameter, InputPipe, pageQuery, strict } from '../rest/input.pipe.js';
import { CurrentCall, IdempotencyKey } from '../rest/request.call.js';
import { exampleRule } from './rule.controller.js';

const switchBody = strict(SwitchAllRules.input);
const dryRunBody = strict(DryRunRule.input);
const reportBody = strict(ReportBusinessEvent.input);
const eventsQuery = z.strictObject({
  ...pageQuery.shape,
  user_id: idParameter.optional(),
  event_type: z.string().max(64).optional(),
});
const exampleEvent = {
  event_id: '01978c3e-7f00-7000-8000-000000000042',
  event_type: 'points.checked_in.v1',
  user_id: 42,
  occurred_at: '2026-05-02T01:30:00.000Z',
  facts: { streak_days: 8, total_days: 31, points: 10, channel: 'bot', hour: 9, weekday: 6 },
};
const exampleDryRun = {
  events: 1240,
  rewards: 310,
  points: 4650,
  members: 120,
  covered_from: '2026-04-02T01:30:00.000Z',
  complete: true,
  outcomes: [
    { outcome: 'rewarded', events: 310 },
    { outcome: 'condition_false', events: 930 },
  ],
  days: [{ day: '2026-05-02', rewards: 310, points: 4650 }],
  top_members: [{ user_id: 42, rewards: 4, points: 60 }],
};
const exampleExplanation = {
  event: exampleEvent,
  rules_on: true,
  rules: [
    {
      rule_id: 12,
      version: 1,
      title: exampleRule.title,
      outcome: 'rewarded',
      points: 15,
      parts: [
        { part: '{">=":[{"var":"weekday"},6]}', holds: true },
        { part: '{">=":[{"var":"streak_days"},7]}', holds: true },
      ],
    },
  ],
};
const eventIdParameter = z.string().regex(/^[0-9a-f-]{36}$/);

/** What stands around the rules (P-06): the switch of all, trying out, explaining, and events of other systems. */
@ApiTags('admin: rules')
@Controller('v1/admin')
export class RuleOperationController {
  constructor(private readonly messages: MessageClient) {}

  @Get('rule-switch')
  @Endpoint({ contract: GetRuleSwitch, access: { permission: 'rule.read' } })
  getSwitch(@CurrentCall() call: Call): Promise<OutputOf<typeof GetRuleSwitch>> {
    return this.messages.query(GetRuleSwitch, {}, call);
  }

  @Put('rule-switch')
  @Endpoint({
    contract: SwitchAllRules,
    access: { permission: 'rule.switch_all' },
    body: switchBody,
    example: { body: { on: false, reason: 'too many points since noon' } },
  })
  switchAll(
    @Body(new InputPipe(switchBody)) body: z.output<typeof switchBody>,
    @CurrentCall() call: Call,
  ): Promise<OutputOf<typeof SwitchAllRules>> {
    return this.messages.command(SwitchAllRules, body, call);
  }

  @Get('rule-event-types')
  @Endpoint({ contract: ListRuleEventTypes, access: { permission: 'rule.read' } })
  eventTypes(@CurrentCall() call: Call): Promise<OutputOf<typeof ListRuleEventTypes>> {
    return this.messages.query(ListRuleEventTypes, {}, call);
  }

  @Post('rule-dry-runs')
  @Endpoint({
    contract: DryRunRule,
    access: { permission: 'rule.read' },
    status: 201,
    body: dryRunBody,
    example: { body: { ...exampleRule, days: 30 }, data: exampleDryRun },
    description: 'Gives nothing. The rule begins as if it had given nothing before.',
  })
  dryRun(
    @Body(new InputPipe(dryRunBody)) body: z.output<typeof dryRunBody>,
    @CurrentCall() call: Call,
  ): Promise<OutputOf<typeof DryRunRule>> {
    return this.messages.query(DryRunRule, body, call);
  }

  @Get('rule-events')
  @Endpoint({
    contract: ListRuleEvents,
    access: { permission: 'rule.read' },
    query: eventsQuery,
    example: { data: { items: [exampleEvent], page: 1, page_size: 20, total: 1 } },
  })
  events(
    @Query(new InputPipe(eventsQuery)) query: z.output<typeof eventsQuery>,
    @CurrentCall() call: Call,
  ): Promise<OutputOf<typeof ListRuleEvents>> {
    return this.messages.query(ListRuleEvents, query, call);
  }

  @Get('rule-events/:id/explanation')
  @Endpoint({ contract: ExplainRuleEvent, access: { permission: 'rule.read' }, example: { data: exampleExplanation } })
  explain(
    @Param('id', new InputPipe(eventIdParameter)) id: string,
    @CurrentCall() call: Call,
  ): Promise<OutputOf<typeof ExplainRuleEvent>> {
    return this.messages.query(ExplainRuleEvent, { event_id: id }, call);
  }

  @Post('business-events')
  @Endpoint({
    contract: ReportBusinessEvent,
    access: { permission: 'business_event.report' },
    status: 201,
    body: reportBody,
    idempotent: true,
    example: { body: { kind: 'order_completed', reference: 'shop:10042', user_id: 42, amount: 19900 } },
  })
  report(
    @Body(new InputPipe(reportBody)) body: z.output<typeof reportBody>,
    @CurrentCall() call: Call,
    @IdempotencyKey() idempotencyKey: string | undefined,
  ): Promise<OutputOf<typeof ReportBusinessEvent>> {
    return this.messages.command(ReportBusinessEvent, body, call, { idempotencyKey });
  }
}
