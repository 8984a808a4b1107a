import type { MigrationInterface, QueryRunner } from 'typeorm';
import { runStatements, schemaWords } from '#database';

export class Velocity1700000001520 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    const words = schemaWords(runner);
    await runStatements(runner, [
      `CREATE TABLE velocity_rules (
        id ${words.autoId},
        name VARCHAR(64) NOT NULL,
        scope VARCHAR(16) NOT NULL,
        direction VARCHAR(8) NOT NULL,
        record_type VARCHAR(32) NULL,
        window_minutes INT NOT NULL,
        points_at_most BIGINT NULL,
        records_at_most BIGINT NULL,
        enabled TINYINT NOT NULL,
        created_at DATETIME(3) NOT NULL,
        updated_at DATETIME(3) NOT NULL,
        CHECK (points_at_most IS NOT NULL OR records_at_most IS NOT NULL)
      ) ${words.tableEnd}`,
      `CREATE TABLE velocity_counters (
        rule_id BIGINT NOT NULL,
        subject VARCHAR(48) NOT NULL,
        slice_at DATETIME(3) NOT NULL,
        points BIGINT NOT NULL,
        records BIGINT NOT NULL,
        PRIMARY KEY (rule_id, subject, slice_at)
      ) ${words.tableEnd}`,
      'CREATE INDEX idx_velocity_counters_age ON velocity_counters (rule_id, slice_at)',
      `CREATE TABLE velocity_alarms (
        id ${words.autoId},
        rule_id BIGINT NOT NULL,
        subject VARCHAR(48) NOT NULL,
        open_key VARCHAR(80) NULL,
        points BIGINT NOT NULL,
        records BIGINT NOT NULL,
        state VARCHAR(16) NOT NULL,
        raised_at DATETIME(3) NOT NULL,
        last_seen_at DATETIME(3) NOT NULL,
        handled_by BIGINT NULL,
        handled_at DATETIME(3) NULL,
        note VARCHAR(200) NULL
      ) ${words.tableEnd}`,
      'CREATE UNIQUE INDEX uq_velocity_alarms_open_key ON velocity_alarms (open_key)',
      'CREATE INDEX idx_velocity_alarms_subject ON velocity_alarms (rule_id, subject, id)',
      'CREATE INDEX idx_velocity_alarms_state ON velocity_alarms (state, id)',
      `CREATE TABLE velocity_cursors (
        name VARCHAR(16) NOT NULL PRIMARY KEY,
        record_id BIGINT NOT NULL
      ) ${words.tableEnd}`,
      // What was posted before anybody watched is history.
      "INSERT INTO velocity_cursors (name, record_id) SELECT 'records', COALESCE(MAX(id), 0) FROM point_records",
      ...firstRules.map(
        ([name, scope, direction, type, minutes, points, records]) =>
          `INSERT INTO velocity_rules (name, scope, direction, record_type, window_minutes, points_at_most, records_at_most,
           enabled, created_at, updated_at) VALUES ('${name}', '${scope}', '${direction}', ${type}, ${minutes}, ${points},
           ${records}, 1, '2026-01-01 00:00:00.000', '2026-01-01 00:00:00.000')`,
      ),
    ]);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runStatements(runner, [
      'DROP TABLE velocity_cursors',
      'DROP TABLE velocity_alarms',
      'DROP TABLE velocity_counters',
      'DROP TABLE velocity_rules',
    ]);
  }
}

/** A start; a community changes them to what is usual there. */
const firstRules = [
  ['one member earns much in an hour', 'member', 'earned', 'NULL', 60, 2_000, 'NULL'],
  ['one member has many records in an hour', 'member', 'both', 'NULL', 60, 'NULL', 60],
  ['adjustments of a day', 'type', 'both', "'admin_adjust'", 1_440, 50_000, 'NULL'],
  ['all points of an hour', 'platform', 'earned', 'NULL', 60, 1_000_000, 'NULL'],
] as const;
