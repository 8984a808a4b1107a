import { Controller } from '@nestjs/common';
import {
  GetRule,
  GetRuleSwitch,
  ListRuleEventTypes,
  ListRules,
  ListRuleVersions,
  type HandledInputOf,
  type OutputOf,
} from '#contracts';
import { isoTime } from '#database';
import { HandleQuery, requirePermission, type QueryContext } from '#messaging';
import { ruleEventTypes } from './rule-event.data.js';
import { readSwitch } from './rule-switch.store.js';
import { draftOf, findRule, findRules, viewOf, type RuleVersionRow } from './rule.store.js';

/** Rules to look at (P-06). */
@Controller()
export class RuleQueryService {
  @HandleQuery(ListRules)
  async list(
    { enabled, removed, page, page_size }: HandledInputOf<typeof ListRules>,
    { reader, call }: QueryContext,
  ): Promise<OutputOf<typeof ListRules>> {
    requirePermission(call, 'rule.read');
    const which = removed ? 'r.removed_at IS NOT NULL' : 'r.removed_at IS NULL';
    const where = enabled === undefined ? which : `${which} AND r.enabled = ?`;
    const values = enabled === undefined ? [] : [Number(enabled)];
    const total = await reader.count(`rules r WHERE ${where}`, values);
    const rows = await findRules(reader, where, values, { page, page_size });
    return { items: rows.map(viewOf), page, page_size, total };
  }

  @HandleQuery(GetRule)
  async get({ id }: HandledInputOf<typeof GetRule>, { reader, call }: QueryContext): Promise<OutputOf<typeof GetRule>> {
    requirePermission(call, 'rule.read');
    return viewOf(await findRule(reader, id));
  }

  @HandleQuery(ListRuleVersions)
  async versions(
    { id, page, page_size }: HandledInputOf<typeof ListRuleVersions>,
    { reader, call }: QueryContext,
  ): Promise<OutputOf<typeof ListRuleVersions>> {
    requirePermission(call, 'rule.read');
    const { version: total } = await findRule(reader, id);
    const rows = await reader.query<RuleVersionRow>(
      `SELECT * FROM rule_versions WHERE rule_id = ? ORDER BY version DESC LIMIT ${page_size} OFFSET ${(page - 1) * page_size}`,
      [id],
    );
    const items = rows.map((row) => ({
      ...draftOf(row),
      version: row.version,
      created_by: row.created_by,
      created_at: isoTime(row.created_at),
    }));
    return { items, page, page_size, total };
  }

  @HandleQuery(ListRuleEventTypes)
  async eventTypes(
    _input: HandledInputOf<typeof ListRuleEventTypes>,
    { call }: QueryContext,
  ): Promise<OutputOf<typeof ListRuleEventTypes>> {
    requirePermission(call, 'rule.read');
    const items = ruleEventTypes.map(({ contract, fields }) => ({
      event_type: contract.name,
      fields: Object.entries(fields).map(([name, { type, values, least, most }]) => ({
        name,
        type,
        values: values ? [...values] : null,
        least: least ?? null,
        most: most ?? null,
      })),
    }));
    return { items };
  }

  @HandleQuery(GetRuleSwitch)
  async switch(
    _input: HandledInputOf<typeof GetRuleSwitch>,
    { reader, call }: QueryContext,
  ): Promise<OutputOf<typeof GetRuleSwitch>> {
    requirePermission(call, 'rule.read');
    const { is_on, reason, changed_at } = await readSwitch(reader);
    return { on: is_on === 1, reason, changed_at: isoTime(changed_at) };
  }
}
