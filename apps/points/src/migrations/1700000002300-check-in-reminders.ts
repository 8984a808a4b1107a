import type { MigrationInterface, QueryRunner } from 'typeorm';
import { runStatements, schemaWords } from '#database';

/** When members want to be reminded of the check-in (U-11). */
export class CheckInReminders1700000002300 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    const words = schemaWords(runner);
    await runStatements(runner, [
      `CREATE TABLE check_in_reminders (
        user_id BIGINT NOT NULL PRIMARY KEY,
        remind_at VARCHAR(5) NOT NULL,
        timezone VARCHAR(64) NOT NULL,
        next_at DATETIME(3) NULL,
        settings_version BIGINT NOT NULL
      ) ${words.tableEnd}`,
      'CREATE INDEX idx_check_in_reminders_next_at ON check_in_reminders (next_at)',
    ]);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runStatements(runner, ['DROP TABLE check_in_reminders']);
  }
}
