import { AppError, type LocalizedText, type Rule, type RuleDraft } from '#contracts';
import {
  isoTime,
  isoTimeOrNull,
  sqlTime,
  sqlTimeOrNull,
  type Reader,
  type SqlTime,
  type SqlValue,
  type Tx,
} from '#database';
import type { Condition } from './rule-condition.rules.js';
import { findRuleEventType } from './rule-event.data.js';
import { draftProblems, type RulePlan } from './rule.rules.js';

const problemsToldAtMost = 20;

export interface RuleVersionRow {
  rule_id: number;
  version: number;
  title: string;
  event_type: string;
  condition_json: string | null;
  points: number;
  percent_field: string | null;
  percent: number | null;
  daily_limit: number | null;
  total_limit: number | null;
  daily_budget: number | null;
  total_budget: number | null;
  starts_at: SqlTime | null;
  ends_at: SqlTime | null;
  created_by: number | null;
  created_at: SqlTime;
}

/** A rule with its current version and what it has given. */
export interface RuleRow extends RuleVersionRow {
  id: number;
  rule_key: string | null;
  enabled: number;
  made_at: SqlTime;
  updated_at: SqlTime;
  removed_at: SqlTime | null;
  rewards: number | null;
  points_given: number | null;
}

const currentRules = `SELECT v.*, r.id, r.rule_key, r.enabled, r.created_at AS made_at, r.updated_at, r.removed_at,
    c.rewards, c.points AS points_given
  FROM rules r JOIN rule_versions v ON v.rule_id = r.id AND v.version = r.version
  LEFT JOIN rule_counters c ON c.rule_id = r.id AND c.user_id = 0 AND c.day = 'all'`;

interface Page {
  readonly page: number;
  readonly page_size: number;
}

export function findRules(reader: Reader, where: string, values: readonly SqlValue[], page?: Page): Promise<RuleRow[]> {
  const limit = page ? `LIMIT ${page.page_size} OFFSET ${(page.page - 1) * page.page_size}` : '';
  return reader.query<RuleRow>(`${currentRules} WHERE ${where} ORDER BY r.id ${limit}`, values);
}

/** @throws AppError rule.not_found */
export async function findRule(reader: Reader, id: number): Promise<RuleRow> {
  const [row] = await findRules(reader, 'r.id = ?', [id]);
  if (!row) throw new AppError('rule.not_found');
  return row;
}

/** The rule as it stands, locked until the end of the transaction. @throws AppError rule.not_found */
export async function lockRule(tx: Tx, id: number): Promise<RuleRow> {
  await tx.query(`SELECT id FROM rules WHERE id = ?${tx.lock}`, [id]);
  return findRule(tx, id);
}

/** The same for a rule that is to be changed. @throws AppError rule.not_found, rule.removed */
export async function lockLivingRule(tx: Tx, id: number): Promise<RuleRow> {
  const row = await lockRule(tx, id);
  if (row.removed_at !== null) throw new AppError('rule.removed');
  return row;
}

/** @throws AppError rule.invalid for a draft that cannot be saved, with what is wrong with it */
export function refuseNonsense(draft: RuleDraft): void {
  const problems = draftProblems(draft, findRuleEventType(draft.event_type)?.fields);
  if (problems.length > 0) throw new AppError('rule.invalid', { problems: problems.slice(0, problemsToldAtMost) });
}

export function draftOf(row: RuleVersionRow): RuleDraft {
  return {
    title: JSON.parse(row.title) as LocalizedText,
    event_type: row.event_type,
    condition: conditionOf(row),
    points: row.points,
    percent_field: row.percent_field,
    percent: row.percent,
    daily_limit: row.daily_limit,
    total_limit: row.total_limit,
    daily_budget: row.daily_budget,
    total_budget: row.total_budget,
    starts_at: isoTimeOrNull(row.starts_at),
    ends_at: isoTimeOrNull(row.ends_at),
  };
}

export function conditionOf({ condition_json }: { condition_json: string | null }): Condition | null {
  return condition_json === null ? null : (JSON.parse(condition_json) as Condition);
}

export function viewOf(row: RuleRow): Rule {
  return {
    ...draftOf(row),
    id: row.id,
    key: row.rule_key,
    version: row.version,
    enabled: row.enabled === 1,
    rewards: row.rewards ?? 0,
    points_given: Number(row.points_given ?? 0),
    created_at: isoTime(row.made_at),
    updated_at: isoTime(row.updated_at),
    removed_at: isoTimeOrNull(row.removed_at),
  };
}

export function planOf(draft: Omit<RuleDraft, 'title' | 'event_type'>): RulePlan {
  return {
    condition: draft.condition,
    points: draft.points,
    percentField: draft.percent_field,
    percent: draft.percent,
    dailyLimit: draft.daily_limit,
    totalLimit: draft.total_limit,
    dailyBudget: draft.daily_budget,
    totalBudget: draft.total_budget,
    startsAt: draft.starts_at === null ? null : new Date(draft.starts_at),
    endsAt: draft.ends_at === null ? null : new Date(draft.ends_at),
  };
}

/** Writes what a rule says from now on. */
export async function insertVersion(
  tx: Tx,
  key: { ruleId: number; version: number; createdBy: number | null; now: Date },
  draft: RuleDraft,
): Promise<void> {
  await tx.insert('rule_versions', {
    rule_id: key.ruleId,
    version: key.version,
    title: JSON.stringify(draft.title),
    event_type: draft.event_type,
    condition_json: draft.condition === null ? null : JSON.stringify(draft.condition),
    points: draft.points,
    percent_field: draft.percent_field,
    percent: draft.percent,
    daily_limit: draft.daily_limit,
    total_limit: draft.total_limit,
    daily_budget: draft.daily_budget,
    total_budget: draft.total_budget,
    starts_at: sqlTimeOrNull(draft.starts_at),
    ends_at: sqlTimeOrNull(draft.ends_at),
    created_by: key.createdBy,
    created_at: sqlTime(key.now),
  });
}
