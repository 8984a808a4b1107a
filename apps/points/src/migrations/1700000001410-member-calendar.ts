import type { MigrationInterface, QueryRunner } from 'typeorm';
import { runStatements, schemaWords } from '#database';

const last = 'FROM check_ins c WHERE c.user_id = point_accounts.user_id ORDER BY c.day DESC LIMIT 1';

/** What a check-in must know stands on the account's row, which it locks and writes anyway (P-02, P-03). */
export class MemberCalendar1700000001410 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    const words = schemaWords(runner);
    await runStatements(runner, [
      ...[
        'registered_at DATETIME(3) NULL',
        'timezone VARCHAR(64) NULL',
        'settings_version BIGINT NOT NULL DEFAULT 0',
        'last_day VARCHAR(10) NULL',
        'last_timezone VARCHAR(64) NULL',
        'next_check_in_at DATETIME(3) NULL',
        'streak_days INT NOT NULL DEFAULT 0',
        'streak_weeks INT NOT NULL DEFAULT 0',
        'streak_months INT NOT NULL DEFAULT 0',
        'total_days INT NOT NULL DEFAULT 0',
        'makeup_cards INT NOT NULL DEFAULT 3',
      ].map((column) => `ALTER TABLE point_accounts ADD COLUMN ${column}`),
      ...[
        'is_makeup TINYINT NOT NULL DEFAULT 0',
        'timezone VARCHAR(64) NULL',
        'skipped_days INT NOT NULL DEFAULT 0',
        'streak_weeks INT NOT NULL DEFAULT 0',
        'streak_months INT NOT NULL DEFAULT 0',
      ].map((column) => `ALTER TABLE check_ins ADD COLUMN ${column}`),
      // Until now a full step was rewarded on the day it was reached, and nothing was made up.
      `UPDATE check_ins SET streak_weeks = (streak_days - streak_days % 7) / 7,
         streak_months = (streak_days - streak_days % 30) / 30`,
      `UPDATE point_accounts SET last_day = (SELECT c.day ${last}), next_check_in_at = (SELECT c.created_at ${last})`,
      `UPDATE point_accounts SET streak_days = (SELECT c.streak_days ${last}), total_days = (SELECT c.total_days ${last}),
         streak_weeks = (SELECT c.streak_weeks ${last}), streak_months = (SELECT c.streak_months ${last})
       WHERE last_day IS NOT NULL`,
      `CREATE TABLE amnesties (
        id ${words.autoId},
        from_day VARCHAR(10) NOT NULL,
        until_day VARCHAR(10) NOT NULL,
        reason VARCHAR(255) NOT NULL,
        declared_by BIGINT NULL,
        declared_at DATETIME(3) NOT NULL,
        undone_at DATETIME(3) NULL,
        pass_started_at DATETIME(3) NULL,
        passed_until BIGINT NOT NULL DEFAULT 0,
        applied_at DATETIME(3) NULL,
        members_changed INT NOT NULL DEFAULT 0
      ) ${words.tableEnd}`,
      'CREATE INDEX idx_amnesties_until_day ON amnesties (until_day)',
    ]);
  }

  async down(runner: QueryRunner): Promise<void> {
    const dropped = ['registered_at', 'timezone', 'settings_version', 'last_day', 'last_timezone', 'next_check_in_at'];
    const counted = ['streak_days', 'streak_weeks', 'streak_months', 'total_days', 'makeup_cards'];
    await runStatements(runner, [
      'DROP TABLE amnesties',
      ...['is_makeup', 'timezone', 'skipped_days', 'streak_weeks', 'streak_months'].map(
        (column) => `ALTER TABLE check_ins DROP COLUMN ${column}`,
      ),
      ...[...dropped, ...counted].map((column) => `ALTER TABLE point_accounts DROP COLUMN ${column}`),
    ]);
  }
}
