import { z } from 'zod';
import { defineCommand, defineEvent, defineQuery } from './contract.js';
import { noteSchema, pageInputSchema, pageSchema, pointsSchema, timeSchema, userIdSchema } from './field.schemas.js';
import { recordTypeSchema } from './points.contracts.js';

/** What a rule counts for (P-09): each member alone, each type of record alone, or everything together. */
export const velocityScopes = ['member', 'type', 'platform'] as const;
export const velocityScopeSchema = z.enum(velocityScopes);
export const velocityDirections = ['earned', 'spent', 'both'] as const;
export const alarmStates = ['open', 'acknowledged', 'resolved'] as const;
export const alarmStateSchema = z.enum(alarmStates);
export type AlarmState = z.infer<typeof alarmStateSchema>;

const idSchema = z.int().positive();

const ruleFields = {
  name: z.string().trim().min(1).max(64),
  direction: z.enum(velocityDirections),
  record_type: recordTypeSchema.nullable().describe('counts only these records; null counts all'),
  window_minutes: z.int().min(1).max(43_200),
  points_at_most: z.int().min(1).max(1_000_000_000).nullable(),
  records_at_most: z.int().min(1).max(1_000_000_000).nullable(),
  enabled: z.boolean(),
};

export const velocityRuleSchema = z.object({
  id: z.int(),
  scope: velocityScopeSchema,
  ...ruleFields,
  name: z.string(),
  created_at: timeSchema,
  updated_at: timeSchema,
});

export const velocityAlarmSchema = z.object({
  id: z.int(),
  rule_id: z.int(),
  rule_name: z.string(),
  scope: velocityScopeSchema,
  user_id: userIdSchema.nullable(),
  record_type: recordTypeSchema.nullable(),
  points: pointsSchema.describe('most that was seen in one window'),
  records: z.int(),
  state: alarmStateSchema,
  raised_at: timeSchema,
  last_seen_at: timeSchema.describe('when it was last above the rule'),
  handled_by: userIdSchema.nullable(),
  handled_at: timeSchema.nullable(),
  note: z.string().nullable(),
});

export const CreateVelocityRule = defineCommand({
  name: 'points.create_velocity_rule.v1',
  summary: 'Watch for more points or records in a window than there should be',
  input: z.object({
    scope: velocityScopeSchema,
    name: ruleFields.name,
    direction: ruleFields.direction.default('earned'),
    record_type: ruleFields.record_type.default(null),
    window_minutes: ruleFields.window_minutes,
    points_at_most: ruleFields.points_at_most.default(null),
    records_at_most: ruleFields.records_at_most.default(null),
    enabled: ruleFields.enabled.default(true),
  }),
  output: velocityRuleSchema,
  errors: ['auth.forbidden', 'velocity.too_many_rules'],
});

export const ChangeVelocityRule = defineCommand({
  name: 'points.change_velocity_rule.v1',
  summary: 'Change a rule, switch it off or on; what it has counted stays',
  input: z.object({
    id: idSchema,
    ...z.object(ruleFields).omit({ record_type: true, direction: true }).partial().shape,
  }),
  output: velocityRuleSchema,
  errors: ['auth.forbidden', 'velocity.rule_unknown'],
});

export const ListVelocityRules = defineQuery({
  name: 'points.list_velocity_rules.v1',
  summary: 'What is watched',
  input: z.object({}),
  output: z.object({ items: z.array(velocityRuleSchema) }),
  errors: ['auth.forbidden'],
});

export const ListVelocityAlarms = defineQuery({
  name: 'points.list_velocity_alarms.v1',
  summary: 'Where a rule was broken, newest first',
  input: pageInputSchema.extend({
    state: alarmStateSchema.optional(),
    rule_id: idSchema.optional(),
    user_id: userIdSchema.optional(),
  }),
  output: pageSchema(velocityAlarmSchema),
  errors: ['auth.forbidden'],
});

export const AcknowledgeVelocityAlarm = defineCommand({
  name: 'points.acknowledge_velocity_alarm.v1',
  summary: 'Say that somebody looks into it',
  input: z.object({ id: idSchema, note: noteSchema.optional() }),
  output: velocityAlarmSchema,
  errors: ['auth.forbidden', 'velocity.alarm_unknown', 'velocity.alarm_handled'],
});

export const ResolveVelocityAlarm = defineCommand({
  name: 'points.resolve_velocity_alarm.v1',
  summary: 'Say what came of it; counting for this alarm begins anew',
  input: z.object({ id: idSchema, note: noteSchema }),
  output: velocityAlarmSchema,
  errors: ['auth.forbidden', 'velocity.alarm_unknown', 'velocity.alarm_handled'],
});

export const VelocityRuleChanged = defineEvent({
  name: 'points.velocity_rule_changed.v1',
  summary: 'What is watched was changed',
  payload: z.object({
    rule_id: z.int(),
    action: z.enum(['created', 'changed']),
    name: z.string(),
    scope: velocityScopeSchema,
    window_minutes: z.int(),
    points_at_most: z.int().nullable(),
    records_at_most: z.int().nullable(),
    enabled: z.boolean(),
  }),
});

const alarmFacts = {
  alarm_id: z.int(),
  rule_id: z.int(),
  rule_name: z.string(),
  scope: velocityScopeSchema,
  user_id: userIdSchema.nullable(),
  record_type: recordTypeSchema.nullable(),
};

export const VelocityAlarmRaised = defineEvent({
  name: 'points.velocity_alarm_raised.v1',
  summary: 'More points or records came in a window than a rule allows',
  payload: z.object({ ...alarmFacts, points: pointsSchema, records: z.int(), window_minutes: z.int() }),
});

export const VelocityAlarmHandled = defineEvent({
  name: 'points.velocity_alarm_handled.v1',
  summary: 'An admin took note of an alarm, or closed it',
  payload: z.object({
    ...alarmFacts,
    state: alarmStateSchema,
    handled_by: userIdSchema,
    note: z.string().nullable(),
  }),
});
