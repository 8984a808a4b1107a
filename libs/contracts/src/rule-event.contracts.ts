import { z } from 'zod';
import { defineCommand, defineEvent, defineQuery } from './contract.js';
import { pageInputSchema, pageSchema, pointsSchema, timeSchema, userIdSchema } from './field.schemas.js';
import { CreateRule, ruleIdSchema } from './rule.contracts.js';

/** What became of an event and a rule; everything but the first is no reward. */
export const ruleOutcomes = [
  'rewarded',
  'condition_false',
  'outside_window',
  'nothing_to_give',
  'daily_limit',
  'total_limit',
  'daily_budget',
  'total_budget',
] as const;
export const ruleOutcomeSchema = z.enum(ruleOutcomes);
export type RuleOutcome = z.infer<typeof ruleOutcomeSchema>;

export const dryRunDaysAtMost = 30;

const dryRunInput = CreateRule.input.extend({ days: z.int().min(1).max(dryRunDaysAtMost).default(dryRunDaysAtMost) });

/** P-06: a rule that does not exist yet is tried on what really happened. */
export const DryRunRule = defineQuery({
  name: 'points.dry_run_rule.v1',
  summary: 'What a rule would have given for the events of the last days',
  input: dryRunInput,
  output: z.object({
    events: z.int().describe('looked at'),
    rewards: z.int(),
    points: pointsSchema,
    members: z.int().describe('who would have got points'),
    covered_from: timeSchema.describe('of older events nothing is known, or they were too many'),
    complete: z.boolean(),
    outcomes: z.array(z.object({ outcome: ruleOutcomeSchema, events: z.int() })),
    days: z.array(z.object({ day: z.iso.date(), rewards: z.int(), points: pointsSchema })),
    top_members: z.array(z.object({ user_id: userIdSchema, rewards: z.int(), points: pointsSchema })),
  }),
  errors: ['auth.forbidden', 'rule.invalid'],
});

export const ruleEventSchema = z.object({
  event_id: z.string(),
  event_type: z.string(),
  user_id: userIdSchema,
  occurred_at: timeSchema,
  facts: z.record(z.string(), z.union([z.number(), z.string(), z.boolean()])),
});

export const ListRuleEvents = defineQuery({
  name: 'points.list_rule_events.v1',
  summary: 'The events of the last 30 days that rules could name, newest first',
  input: pageInputSchema.extend({ user_id: userIdSchema.optional(), event_type: z.string().max(64).optional() }),
  output: pageSchema(ruleEventSchema),
  errors: ['auth.forbidden'],
});

export const ExplainRuleEvent = defineQuery({
  name: 'points.explain_rule_event.v1',
  summary: 'Why an event gave points, or did not',
  input: z.object({ event_id: z.string().min(1).max(36) }),
  output: z.object({
    event: ruleEventSchema,
    rules_on: z.boolean().describe('whether rules gave points at all when it was looked at'),
    rules: z.array(
      z.object({
        rule_id: ruleIdSchema,
        version: z.int(),
        title: CreateRule.input.shape.title,
        outcome: ruleOutcomeSchema.nullable().describe('null: the rule was not on'),
        points: pointsSchema,
        parts: z
          .array(z.object({ part: z.string().describe('of the condition, as JSON'), holds: z.boolean() }))
          .describe('each part that had to hold'),
      }),
    ),
  }),
  errors: ['auth.forbidden', 'rule.event_not_found'],
});

export const businessEventKinds = ['first_purchase', 'order_completed', 'product_reviewed', 'product_shared'] as const;
export const businessEventKindSchema = z.enum(businessEventKinds);

/** What happens outside of the platform, in a shop for example, comes in here. Each reference counts once. */
export const ReportBusinessEvent = defineCommand({
  name: 'points.report_business_event.v1',
  summary: 'Tell that a member did something in another system',
  input: z.object({
    kind: businessEventKindSchema,
    reference: z
      .string()
      .regex(/^[A-Za-z0-9._:-]{1,64}$/)
      .describe('what it is called there'),
    user_id: userIdSchema,
    amount: z.int().min(0).max(1_000_000_000).default(0).describe('cents of an order, characters of a review'),
  }),
  output: z.object({ kind: businessEventKindSchema, reference: z.string(), reported_at: timeSchema }),
  errors: ['auth.forbidden', 'rule.event_reported_differently'],
});

export const BusinessEventReported = defineEvent({
  name: 'points.business_event_reported.v1',
  summary: 'Another system told that a member did something',
  payload: z.object({
    kind: businessEventKindSchema,
    reference: z.string(),
    user_id: userIdSchema,
    amount: z.int(),
  }),
});
