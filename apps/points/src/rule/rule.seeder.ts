import type { QueryRunner } from '#database';
import type { ShippedRule } from './shipped-rules.data.js';

const shippedAt = '2026-01-01 00:00:00.000';

/**
 * Writes a rule as it is shipped, switched off; one that is there already stays as it is. For migrations: one that was broken off between
 * the rule and its version is repeated.
 */
export async function shipRule(runner: QueryRunner, rule: ShippedRule): Promise<void> {
  const find = 'SELECT id FROM rules WHERE rule_key = ?';
  const idOf = async (): Promise<number | undefined> =>
    ((await runner.query(find, [rule.key])) as { id: number }[])[0]?.id;
  if ((await idOf()) === undefined) {
    await runner.query(
      'INSERT INTO rules (rule_key, enabled, version, created_at, updated_at) VALUES (?, 0, 1, ?, ?)',
      [rule.key, shippedAt, shippedAt],
    );
  }
  const id = await idOf();
  const versions = (await runner.query('SELECT version FROM rule_versions WHERE rule_id = ?', [id])) as object[];
  if (versions.length > 0) return;
  await runner.query(
    `INSERT INTO rule_versions (rule_id, version, title, event_type, condition_json, points, percent_field, percent,
       daily_limit, total_limit, daily_budget, total_budget, starts_at, ends_at, created_by, created_at)
     VALUES (?, 1, ?, ?, ?, ?, ?, ?, ?, ?, NULL, NULL, NULL, NULL, NULL, ?)`,
    [
      id,
      JSON.stringify(rule.title),
      rule.eventType,
      rule.condition ? JSON.stringify(rule.condition) : null,
      rule.points,
      rule.percentField ?? null,
      rule.percent ?? null,
      rule.dailyLimit ?? null,
      rule.totalLimit ?? null,
      shippedAt,
    ],
  );
}
