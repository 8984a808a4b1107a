import { Controller } from '@nestjs/common';
import {
  AppError,
  ExplainRuleEvent,
  ListRuleEvents,
  type HandledInputOf,
  type LocalizedText,
  type OutputOf,
  type RuleOutcome,
} from '#contracts';
import { isoTime, type Reader, type SqlTime, type SqlValue } from '#database';
import { HandleQuery, requirePermission, type QueryContext } from '#messaging';
import { conditionHolds, partsOf, type Facts } from './rule-condition.rules.js';
import { conditionOf, type RuleVersionRow } from './rule.store.js';

interface EventRow {
  event_id: string;
  event_type: string;
  user_id: number;
  occurred_at: SqlTime;
  facts: string;
  rules_on: number;
}

type AskedRow = RuleVersionRow & { outcome: RuleOutcome | null; given: number | null };

/** Why an event gave points, or did not (P-06). */
@Controller()
export class RuleExplanationService {
  @HandleQuery(ListRuleEvents)
  async list(
    input: HandledInputOf<typeof ListRuleEvents>,
    { reader, call }: QueryContext,
  ): Promise<OutputOf<typeof ListRuleEvents>> {
    requirePermission(call, 'rule.read');
    const filters: { sql: string; value: SqlValue }[] = [
      ...(input.user_id === undefined ? [] : [{ sql: 'user_id = ?', value: input.user_id }]),
      ...(input.event_type === undefined ? [] : [{ sql: 'event_type = ?', value: input.event_type }]),
    ];
    const where = ['1 = 1', ...filters.map(({ sql }) => sql)].join(' AND ');
    const values = filters.map(({ value }) => value);
    const { page, page_size } = input;
    const total = await reader.count(`rule_events WHERE ${where}`, values);
    const rows = await reader.query<EventRow>(
      `SELECT * FROM rule_events WHERE ${where} ORDER BY occurred_at DESC, event_id DESC
       LIMIT ${page_size} OFFSET ${(page - 1) * page_size}`,
      values,
    );
    return { items: rows.map(viewOf), page, page_size, total };
  }

  @HandleQuery(ExplainRuleEvent)
  async explain(
    { event_id }: HandledInputOf<typeof ExplainRuleEvent>,
    { reader, call }: QueryContext,
  ): Promise<OutputOf<typeof ExplainRuleEvent>> {
    requirePermission(call, 'rule.read');
    const event = await reader.one<EventRow>('SELECT * FROM rule_events WHERE event_id = ?', [event_id]);
    if (!event) throw new AppError('rule.event_not_found');
    const view = viewOf(event);
    const rules = (await askedRules(reader, event)).map((row) => ({
      rule_id: row.rule_id,
      version: row.version,
      title: JSON.parse(row.title) as LocalizedText,
      outcome: row.outcome,
      points: row.given ?? 0,
      parts: partsOf(conditionOf(row)).map((part) => ({
        part: JSON.stringify(part),
        holds: conditionHolds(part, view.facts),
      })),
    }));
    return { event: view, rules_on: event.rules_on === 1, rules };
  }
}

/** The rules that were asked, in the version that was asked, and those there are now for the event's type that were not. */
async function askedRules(reader: Reader, event: EventRow): Promise<AskedRow[]> {
  return reader.query<AskedRow>(
    `SELECT v.*, o.outcome, o.points AS given FROM rules r
     LEFT JOIN rule_outcomes o ON o.rule_id = r.id AND o.event_id = ?
     JOIN rule_versions v ON v.rule_id = r.id AND v.version = COALESCE(o.version, r.version)
     WHERE o.rule_id IS NOT NULL OR (v.event_type = ? AND r.removed_at IS NULL) ORDER BY r.id`,
    [event.event_id, event.event_type],
  );
}

function viewOf(row: EventRow) {
  return {
    event_id: row.event_id,
    event_type: row.event_type,
    user_id: row.user_id,
    occurred_at: isoTime(row.occurred_at),
    facts: JSON.parse(row.facts) as Facts,
  };
}
