import { Controller } from '@nestjs/common';
import {
  AppError,
  ChangeRule,
  CreateRule,
  RemoveRule,
  RuleChanged,
  RulesSwitched,
  SwitchAllRules,
  SwitchRule,
  type Call,
  type HandledInputOf,
  type OutputOf,
  type RuleDraft,
} from '#contracts';
import { isoTime, sqlTime } from '#database';
import { HandleCommand, requirePermission, type CommandContext } from '#messaging';
import { RuleMetrics, rulesAtMost, type RuleChange } from './rule.metrics.js';
import { lockSwitch } from './rule-switch.store.js';
import {
  draftOf,
  findRule,
  insertVersion,
  lockLivingRule,
  lockRule,
  refuseNonsense,
  viewOf,
  type RuleRow,
} from './rule.store.js';

/** So many are asked about each event at most. */
const enabledAtMost = 50;

/**
 * Rules as admins make them (P-06): a change is a new version, a new rule is off, one that is removed is kept for its history, and one
 * switch stops them all.
 */
@Controller()
export class RuleAdminService {
  constructor(private readonly metrics: RuleMetrics) {}

  @HandleCommand(CreateRule)
  async create(draft: RuleDraft, context: CommandContext): Promise<OutputOf<typeof CreateRule>> {
    const { tx, now, call } = context;
    requirePermission(call, 'rule.manage');
    refuseNonsense(draft);
    await lockSwitch(tx);
    const count = await tx.count('rules WHERE removed_at IS NULL');
    if (count >= rulesAtMost) throw new AppError('rule.too_many', { limit: rulesAtMost });
    const time = sqlTime(now);
    const made = { rule_key: null, enabled: 0, version: 1, created_at: time, updated_at: time };
    const { insertId: ruleId } = await tx.insert('rules', made);
    await insertVersion(tx, { ruleId, version: 1, createdBy: userOf(call), now }, draft);
    return this.changed(context, null, await findRule(tx, ruleId), 'created');
  }

  @HandleCommand(ChangeRule)
  async change(
    { id, expected_version, ...wanted }: HandledInputOf<typeof ChangeRule>,
    context: CommandContext,
  ): Promise<OutputOf<typeof ChangeRule>> {
    const { tx, now, call } = context;
    requirePermission(call, 'rule.manage');
    const before = await lockLivingRule(tx, id);
    if (expected_version !== undefined && expected_version !== before.version)
      throw new AppError('rule.version_conflict', { version: before.version });
    const given = Object.fromEntries(Object.entries(wanted).filter(([, value]) => value !== undefined));
    const draft: RuleDraft = { ...draftOf(before), ...given };
    refuseNonsense(draft);
    const version = before.version + 1;
    await insertVersion(tx, { ruleId: id, version, createdBy: userOf(call), now }, draft);
    await tx.execute('UPDATE rules SET version = ?, updated_at = ? WHERE id = ?', [version, sqlTime(now), id]);
    return this.changed(context, before, await findRule(tx, id), 'changed');
  }

  @HandleCommand(SwitchRule)
  async switchOne(
    { id, enabled }: HandledInputOf<typeof SwitchRule>,
    context: CommandContext,
  ): Promise<OutputOf<typeof SwitchRule>> {
    const { tx, now, call } = context;
    requirePermission(call, 'rule.manage');
    await lockSwitch(tx);
    const before = await lockLivingRule(tx, id);
    if ((before.enabled === 1) === enabled) return viewOf(before);
    if (enabled) {
      refuseNonsense(draftOf(before));
      const count = await tx.count('rules WHERE enabled = 1');
      if (count >= enabledAtMost) throw new AppError('rule.too_many', { limit: enabledAtMost });
    }
    await tx.execute('UPDATE rules SET enabled = ?, updated_at = ? WHERE id = ?', [Number(enabled), sqlTime(now), id]);
    return this.changed(context, before, await findRule(tx, id), 'switched');
  }

  /** A rule that was removed already stays as it is. */
  @HandleCommand(RemoveRule)
  async remove(
    { id }: HandledInputOf<typeof RemoveRule>,
    context: CommandContext,
  ): Promise<OutputOf<typeof RemoveRule>> {
    const { tx, now, call } = context;
    requirePermission(call, 'rule.manage');
    const before = await lockRule(tx, id);
    if (before.rule_key !== null) throw new AppError('rule.shipped');
    if (before.removed_at !== null) return viewOf(before);
    const time = sqlTime(now);
    await tx.execute('UPDATE rules SET enabled = 0, removed_at = ?, updated_at = ? WHERE id = ?', [time, time, id]);
    return this.changed(context, before, await findRule(tx, id), 'removed');
  }

  @HandleCommand(SwitchAllRules)
  async switchAll(
    { on, reason }: HandledInputOf<typeof SwitchAllRules>,
    context: CommandContext,
  ): Promise<OutputOf<typeof SwitchAllRules>> {
    const { tx, now, call } = context;
    requirePermission(call, 'rule.switch_all');
    const before = await lockSwitch(tx);
    const changedAt = sqlTime(now);
    const values = [Number(on), reason, changedAt];
    await tx.execute('UPDATE rule_switch SET is_on = ?, reason = ?, changed_at = ? WHERE id = 1', values);
    const change = { before: { on: before.is_on === 1, reason: before.reason }, after: { on, reason } };
    context.emit(RulesSwitched, { on, reason }, change);
    this.metrics.changed(tx, 'all_switched');
    return { on, reason, changed_at: isoTime(changedAt) };
  }

  private changed(
    context: CommandContext,
    before: RuleRow | null,
    after: RuleRow,
    what: Exclude<RuleChange, 'all_switched'>,
  ): OutputOf<typeof CreateRule> {
    const view = viewOf(after);
    const { id, version, event_type, enabled } = view;
    context.emit(
      RuleChanged,
      { rule_id: id, version, event_type, enabled, removed: view.removed_at !== null },
      { ...(before && { before: { ...viewOf(before) } }), after: { ...view } },
    );
    this.metrics.changed(context.tx, what);
    return view;
  }
}

function userOf({ actor }: Call): number | null {
  return actor.kind === 'user' ? actor.user_id : null;
}
