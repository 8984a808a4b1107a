import type { PersonalData } from '#service';
import { Rules1700000001620 } from '../migrations/1700000001620-rules.js';
import { RemovedRules1700000002611 } from '../migrations/1700000002611-removed-rules.js';
import { ProfileRule1700000001630 } from '../migrations/1700000001630-profile-rule.js';
import { BusinessEventService } from './business-event.service.js';
import { RuleAdminService } from './rule-admin.service.js';
import { RuleDryRunService } from './rule-dry-run.service.js';
import { RuleEvaluationService } from './rule-evaluation.service.js';
import { RuleEventListener } from './rule-event.listener.js';
import { RuleExplanationService } from './rule-explanation.service.js';
import { BusinessEventEntity, RuleEventEntity, RuleOutcomeEntity } from './rule-log.entity.js';
import { RuleLogJob } from './rule-log.job.js';
import { RuleQueryService } from './rule-query.service.js';
import { RuleRewardService } from './rule-reward.service.js';
import { RuleCounterEntity, RuleEntity, RuleSwitchEntity, RuleVersionEntity } from './rule.entity.js';
import { RuleMetrics } from './rule.metrics.js';

const personalData: PersonalData = [
  {
    table: 'rule_events',
    member: 'user_id',
    key: 'event_id',
    onErasure: 'erase',
    archive: ['event_id', 'event_type', 'occurred_at', 'facts'],
  },
  {
    table: 'rule_outcomes',
    member: 'user_id',
    key: 'event_id, rule_id',
    onErasure: 'keep',
    archive: ['event_id', 'rule_id', 'outcome', 'points', 'occurred_at'],
    why: 'that a rule has rewarded an event is what keeps it from doing so again; it names ids',
  },
  {
    table: 'rule_counters',
    member: 'user_id',
    key: 'rule_id, day',
    onErasure: 'keep',
    archive: 'nothing',
    why: 'the budgets of the rules are the sums of these; they name ids, and the outcomes are in the archive',
  },
  {
    table: 'business_events',
    member: 'user_id',
    key: 'kind, reference',
    onErasure: 'keep',
    archive: ['kind', 'reference', 'amount', 'reported_at'],
    why: 'that a reference was reported is what keeps it from being counted again; it names ids of the other system',
  },
];

/** What the rules engine (P-06) brings into the service. */
export const ruleParts = {
  controllers: [
    RuleEventListener,
    RuleAdminService,
    RuleQueryService,
    RuleDryRunService,
    RuleExplanationService,
    BusinessEventService,
  ],
  providers: [RuleEvaluationService, RuleRewardService, RuleLogJob, RuleMetrics],
  entities: [
    RuleEntity,
    RuleVersionEntity,
    RuleSwitchEntity,
    RuleCounterEntity,
    RuleEventEntity,
    RuleOutcomeEntity,
    BusinessEventEntity,
  ],
  migrations: [Rules1700000001620, ProfileRule1700000001630, RemovedRules1700000002611],
  personalData,
};
