import { z } from 'zod';
import { defineCommand, defineEvent, defineQuery } from './contract.js';
import {
  localizedTextSchema,
  pageInputSchema,
  pageSchema,
  pointsSchema,
  reasonSchema,
  timeSchema,
  userIdSchema,
} from './field.schemas.js';

export const ruleIdSchema = z.int().positive().max(999_999_999);
const limitSchema = z.int().min(1).max(1_000_000).nullable();
const budgetSchema = z.int().min(1).max(1_000_000_000).nullable();

/** Deeper is no condition, and too deep for whoever reads it level by level on its way. */
const conditionLevelsAtMost = 32;

function isShallow(condition: unknown): boolean {
  let level: unknown[] = [condition];
  for (let depth = 0; depth < conditionLevelsAtMost && level.length > 0; depth += 1)
    level = level.flatMap((part) => (typeof part === 'object' && part !== null ? Object.values(part) : []));
  return level.length === 0;
}

/** What a rule says (P-06). Each change of it is a version of its own. */
export const ruleFields = {
  title: localizedTextSchema(80).describe('what members read when they are rewarded'),
  event_type: z.string().min(1).max(64).describe('one of the event types'),
  condition: z
    .record(z.string(), z.unknown())
    .refine(isShallow)
    .nullable()
    .describe('JSON Logic over the fields of the event type; null is always'),
  points: z.int().min(1).max(10_000).describe('what one event is worth, or at most worth when there is a percentage'),
  percent_field: z.string().min(1).max(32).nullable().describe('a number field of which `percent` are given'),
  percent: z.int().min(1).max(100).nullable(),
  daily_limit: limitSchema.describe('rewards of one member on one day'),
  total_limit: limitSchema.describe('rewards of one member'),
  daily_budget: budgetSchema.describe('points on one day, all members together'),
  total_budget: budgetSchema.describe('points, all members together'),
  starts_at: timeSchema.nullable(),
  ends_at: timeSchema.nullable(),
};

const optional = {
  condition: ruleFields.condition.default(null),
  percent_field: ruleFields.percent_field.default(null),
  percent: ruleFields.percent.default(null),
  daily_limit: ruleFields.daily_limit.default(null),
  total_limit: ruleFields.total_limit.default(null),
  daily_budget: ruleFields.daily_budget.default(null),
  total_budget: ruleFields.total_budget.default(null),
  starts_at: ruleFields.starts_at.default(null),
  ends_at: ruleFields.ends_at.default(null),
};
const draftSchema = z.object({ ...ruleFields, ...optional });
export type RuleDraft = z.output<typeof draftSchema>;

export const ruleSchema = z.object({
  ...ruleFields,
  id: ruleIdSchema,
  key: z.string().nullable().describe('of the rules that are shipped'),
  version: z.int(),
  enabled: z.boolean(),
  rewards: z.int().describe('given so far'),
  points_given: pointsSchema,
  created_at: timeSchema,
  updated_at: timeSchema,
  removed_at: timeSchema.nullable().describe('since when it is kept for its history only'),
});
export type Rule = z.infer<typeof ruleSchema>;

export const CreateRule = defineCommand({
  name: 'points.create_rule.v1',
  summary: 'Make a rule, switched off',
  input: draftSchema,
  output: ruleSchema,
  errors: ['auth.forbidden', 'rule.invalid', 'rule.too_many'],
});

export const ChangeRule = defineCommand({
  name: 'points.change_rule.v1',
  summary: 'Give a rule a new version',
  input: z
    .object(ruleFields)
    .partial()
    .extend({
      id: ruleIdSchema,
      expected_version: z.int().min(1).optional().describe('refused when somebody else was faster'),
    }),
  output: ruleSchema,
  errors: ['auth.forbidden', 'rule.not_found', 'rule.removed', 'rule.invalid', 'rule.version_conflict'],
});

export const SwitchRule = defineCommand({
  name: 'points.switch_rule.v1',
  summary: 'Switch a rule on or off',
  input: z.object({ id: ruleIdSchema, enabled: z.boolean() }),
  output: ruleSchema,
  errors: ['auth.forbidden', 'rule.not_found', 'rule.removed', 'rule.invalid', 'rule.too_many'],
});

/** What it has given and said can still be read by its id. A rule that is shipped can only be switched off: nothing could bring it back. */
export const RemoveRule = defineCommand({
  name: 'points.remove_rule.v1',
  summary: 'Remove a rule for good; what it has given stays',
  input: z.object({ id: ruleIdSchema }),
  output: ruleSchema,
  errors: ['auth.forbidden', 'rule.not_found', 'rule.shipped'],
});

export const ruleSwitchSchema = z.object({ on: z.boolean(), reason: z.string().nullable(), changed_at: timeSchema });

export const SwitchAllRules = defineCommand({
  name: 'points.switch_all_rules.v1',
  summary: 'Stop all rules at once, or let those that are on go on',
  input: z.object({ on: z.boolean(), reason: reasonSchema }),
  output: ruleSwitchSchema,
  errors: ['auth.forbidden'],
});

export const GetRuleSwitch = defineQuery({
  name: 'points.get_rule_switch.v1',
  summary: 'Whether rules give points at all',
  input: z.object({}),
  output: ruleSwitchSchema,
  errors: ['auth.forbidden'],
});

export const ListRules = defineQuery({
  name: 'points.list_rules.v1',
  summary: 'All rules with what they have given',
  input: pageInputSchema.extend({
    enabled: z.boolean().optional(),
    removed: z.boolean().default(false).describe('those that were removed instead'),
  }),
  output: pageSchema(ruleSchema),
  errors: ['auth.forbidden'],
});

export const GetRule = defineQuery({
  name: 'points.get_rule.v1',
  summary: 'One rule',
  input: z.object({ id: ruleIdSchema }),
  output: ruleSchema,
  errors: ['auth.forbidden', 'rule.not_found'],
});

export const ruleVersionSchema = z.object({
  ...ruleFields,
  version: z.int(),
  created_by: userIdSchema.nullable(),
  created_at: timeSchema,
});

export const ListRuleVersions = defineQuery({
  name: 'points.list_rule_versions.v1',
  summary: 'What a rule has said, newest first',
  input: pageInputSchema.extend({ id: ruleIdSchema }),
  output: pageSchema(ruleVersionSchema),
  errors: ['auth.forbidden', 'rule.not_found'],
});

export const ruleEventFieldSchema = z.object({
  name: z.string(),
  type: z.enum(['number', 'string', 'boolean']),
  values: z.array(z.string()).nullable().describe('all there are'),
  least: z.int().nullable(),
  most: z.int().nullable(),
});

export const ListRuleEventTypes = defineQuery({
  name: 'points.list_rule_event_types.v1',
  summary: 'The events that rules can name, with the fields that conditions can name',
  input: z.object({}),
  output: z.object({ items: z.array(z.object({ event_type: z.string(), fields: z.array(ruleEventFieldSchema) })) }),
  errors: ['auth.forbidden'],
});

const ruleFact = { rule_id: ruleIdSchema, version: z.int() };

export const RuleChanged = defineEvent({
  name: 'points.rule_changed.v1',
  summary: 'A rule was made, changed, switched on or off, or removed',
  payload: z.object({
    ...ruleFact,
    event_type: z.string(),
    enabled: z.boolean(),
    removed: z.boolean().default(false),
  }),
});

export const RulesSwitched = defineEvent({
  name: 'points.rules_switched.v1',
  summary: 'All rules were stopped, or let go on',
  payload: z.object({ on: z.boolean(), reason: z.string() }),
});

export const RuleRewarded = defineEvent({
  name: 'points.rule_rewarded.v1',
  summary: 'A rule gave a member points; no rule can name this event',
  payload: z.object({
    ...ruleFact,
    user_id: userIdSchema,
    title: ruleFields.title,
    event_id: z.string(),
    event_type: z.string(),
    points: pointsSchema,
    balance: pointsSchema,
  }),
});
