import { runStatements, schemaWords, type MigrationInterface, type QueryRunner } from '#database';
import { shipRule } from '../rule/rule.seeder.js';
import { shippedRules } from '../rule/shipped-rules.data.js';

/** Rules, what they gave, and the events they were asked about (P-06). */
export class Rules1700000001620 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    const words = schemaWords(runner);
    await runStatements(runner, [
      ...ruleTables(words.autoId, words.text, words.tableEnd),
      ...logTables(words.text, words.tableEnd),
      `INSERT INTO rule_switch (id, is_on, reason, changed_at) VALUES (1, 1, NULL, '2026-01-01 00:00:00.000')`,
    ]);
    for (const rule of shippedRules) await shipRule(runner, rule);
  }

  async down(runner: QueryRunner): Promise<void> {
    const tables = [
      'business_events',
      'rule_outcomes',
      'rule_events',
      'rule_counters',
      'rule_switch',
      'rule_versions',
      'rules',
    ];
    await runStatements(
      runner,
      tables.map((table) => `DROP TABLE ${table}`),
    );
  }
}

function ruleTables(autoId: string, text: string, tableEnd: string): string[] {
  return [
    `CREATE TABLE rules (
      id ${autoId},
      rule_key VARCHAR(48) NULL,
      enabled TINYINT NOT NULL,
      version INT NOT NULL,
      created_at DATETIME(3) NOT NULL,
      updated_at DATETIME(3) NOT NULL
    ) ${tableEnd}`,
    'CREATE UNIQUE INDEX uq_rules_rule_key ON rules (rule_key)',
    `CREATE TABLE rule_versions (
      rule_id BIGINT NOT NULL,
      version INT NOT NULL,
      title ${text} NOT NULL,
      event_type VARCHAR(64) NOT NULL,
      condition_json ${text} NULL,
      points INT NOT NULL,
      percent_field VARCHAR(32) NULL,
      percent INT NULL,
      daily_limit INT NULL,
      total_limit INT NULL,
      daily_budget INT NULL,
      total_budget INT NULL,
      starts_at DATETIME(3) NULL,
      ends_at DATETIME(3) NULL,
      created_by BIGINT NULL,
      created_at DATETIME(3) NOT NULL,
      PRIMARY KEY (rule_id, version)
    ) ${tableEnd}`,
    `CREATE TABLE rule_switch (
      id INT NOT NULL PRIMARY KEY,
      is_on TINYINT NOT NULL,
      reason VARCHAR(255) NULL,
      changed_at DATETIME(3) NOT NULL
    ) ${tableEnd}`,
    `CREATE TABLE rule_counters (
      rule_id BIGINT NOT NULL,
      user_id BIGINT NOT NULL,
      day VARCHAR(10) NOT NULL,
      rewards INT NOT NULL,
      points BIGINT NOT NULL,
      PRIMARY KEY (rule_id, user_id, day)
    ) ${tableEnd}`,
  ];
}

function logTables(text: string, tableEnd: string): string[] {
  return [
    `CREATE TABLE rule_events (
      event_id VARCHAR(36) NOT NULL PRIMARY KEY,
      event_type VARCHAR(64) NOT NULL,
      user_id BIGINT NOT NULL,
      occurred_at DATETIME(3) NOT NULL,
      facts ${text} NOT NULL,
      rules_on TINYINT NOT NULL
    ) ${tableEnd}`,
    'CREATE INDEX idx_rule_events_type ON rule_events (event_type, occurred_at)',
    'CREATE INDEX idx_rule_events_user_id ON rule_events (user_id)',
    'CREATE INDEX idx_rule_events_occurred_at ON rule_events (occurred_at)',
    `CREATE TABLE rule_outcomes (
      event_id VARCHAR(36) NOT NULL,
      rule_id BIGINT NOT NULL,
      version INT NOT NULL,
      user_id BIGINT NOT NULL,
      outcome VARCHAR(16) NOT NULL,
      points INT NOT NULL,
      occurred_at DATETIME(3) NOT NULL,
      PRIMARY KEY (event_id, rule_id)
    ) ${tableEnd}`,
    'CREATE INDEX idx_rule_outcomes_outcome ON rule_outcomes (outcome, occurred_at)',
    `CREATE TABLE business_events (
      kind VARCHAR(32) NOT NULL,
      reference VARCHAR(64) NOT NULL,
      user_id BIGINT NOT NULL,
      amount INT NOT NULL,
      reported_at DATETIME(3) NOT NULL,
      PRIMARY KEY (kind, reference)
    ) ${tableEnd}`,
  ];
}
