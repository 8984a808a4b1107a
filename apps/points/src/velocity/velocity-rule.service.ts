import { Controller } from '@nestjs/common';
import {
  AppError,
  ChangeVelocityRule,
  CreateVelocityRule,
  ListVelocityRules,
  VelocityRuleChanged,
  type HandledInputOf,
  type OutputOf,
} from '#contracts';
import { sqlTime } from '#database';
import { HandleCommand, HandleQuery, requirePermission, type CommandContext, type QueryContext } from '#messaging';
import { ruleColumns, ruleViewOf, type VelocityRuleRow, type VelocityRuleView } from './velocity.store.js';

export const velocityRulesAtMost = 100;

/** What is watched (P-09), as data. */
@Controller()
export class VelocityRuleService {
  @HandleCommand(CreateVelocityRule)
  async create(
    input: HandledInputOf<typeof CreateVelocityRule>,
    context: CommandContext,
  ): Promise<OutputOf<typeof CreateVelocityRule>> {
    requirePermission(context.call, 'velocity.define');
    const { tx, now } = context;
    const time = sqlTime(now);
    const row = { ...input, enabled: Number(input.enabled), created_at: time, updated_at: time };
    refuseEndless(row);
    // The lock is on the rows that are there; with no more than two admins at once the limit is kept near enough to bound the work.
    const known = await tx.query<{ id: number }>(
      `SELECT id FROM velocity_rules LIMIT ${velocityRulesAtMost}${tx.lock}`,
    );
    if (known.length >= velocityRulesAtMost)
      throw new AppError('velocity.too_many_rules', { limit: velocityRulesAtMost });
    const { insertId } = await tx.insert('velocity_rules', row);
    return this.told(context, 'created', null, { ...row, id: insertId });
  }

  @HandleCommand(ChangeVelocityRule)
  async change(
    { id, ...changes }: HandledInputOf<typeof ChangeVelocityRule>,
    context: CommandContext,
  ): Promise<OutputOf<typeof ChangeVelocityRule>> {
    requirePermission(context.call, 'velocity.define');
    const { tx, now } = context;
    const before = await tx.one<VelocityRuleRow>(`SELECT ${ruleColumns} FROM velocity_rules WHERE id = ?${tx.lock}`, [
      id,
    ]);
    if (!before) throw new AppError('velocity.rule_unknown');
    const given = Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined));
    const enabled = changes.enabled === undefined ? before.enabled : Number(changes.enabled);
    const after: VelocityRuleRow = { ...before, ...given, enabled, updated_at: sqlTime(now) };
    refuseEndless(after);
    await tx.execute(
      `UPDATE velocity_rules SET name = ?, window_minutes = ?, points_at_most = ?, records_at_most = ?, enabled = ?,
       updated_at = ? WHERE id = ?`,
      [after.name, after.window_minutes, after.points_at_most, after.records_at_most, enabled, after.updated_at, id],
    );
    return this.told(context, 'changed', before, after);
  }

  @HandleQuery(ListVelocityRules)
  async list(
    _input: HandledInputOf<typeof ListVelocityRules>,
    { reader, call }: QueryContext,
  ): Promise<OutputOf<typeof ListVelocityRules>> {
    requirePermission(call, 'velocity.read');
    const rows = await reader.query<VelocityRuleRow>(
      `SELECT ${ruleColumns} FROM velocity_rules ORDER BY id LIMIT ${velocityRulesAtMost}`,
    );
    return { items: rows.map(ruleViewOf) };
  }

  private told(
    context: CommandContext,
    action: 'created' | 'changed',
    before: VelocityRuleRow | null,
    after: VelocityRuleRow,
  ): VelocityRuleView {
    const view = ruleViewOf(after);
    const { id: rule_id, name, scope, window_minutes, points_at_most, records_at_most, enabled } = view;
    context.emit(
      VelocityRuleChanged,
      { rule_id, action, name, scope, window_minutes, points_at_most, records_at_most, enabled },
      { ...(before && { before: ruleViewOf(before) }), after: view },
    );
    return view;
  }
}

/** A rule without any bound would watch and never say a word. */
function refuseEndless({
  points_at_most,
  records_at_most,
}: Pick<VelocityRuleRow, 'points_at_most' | 'records_at_most'>) {
  if (points_at_most === null && records_at_most === null)
    throw AppError.invalid([{ path: ['points_at_most'], code: 'points_or_records' }]);
}
