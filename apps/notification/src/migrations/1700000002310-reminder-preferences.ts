import type { MigrationInterface, QueryRunner } from 'typeorm';
import { runStatements } from '#database';

const columns = ['remind_check_in', 'remind_membership', 'settings_version'];

/** What members want to be reminded of (U-11); null while they have said nothing. */
export class ReminderPreferences1700000002310 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runStatements(runner, [
      'ALTER TABLE contacts ADD COLUMN remind_check_in TINYINT NULL',
      'ALTER TABLE contacts ADD COLUMN remind_membership TINYINT NULL',
      'ALTER TABLE contacts ADD COLUMN settings_version BIGINT NOT NULL DEFAULT 0',
    ]);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runStatements(
      runner,
      columns.map((column) => `ALTER TABLE contacts DROP COLUMN ${column}`),
    );
  }
}
