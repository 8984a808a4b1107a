import type { MigrationInterface, QueryRunner } from 'typeorm';
import { runStatements } from '#database';

/** When Telegram was asked about people in rosters, and when it is to be asked next (U-12). */
export class RosterChecks1790000000041 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runStatements(runner, [
      'ALTER TABLE chat_members ADD COLUMN checked_at DATETIME(3) NULL',
      'ALTER TABLE chat_members ADD COLUMN check_result VARCHAR(16) NULL',
      "ALTER TABLE chat_members ADD COLUMN check_due_at DATETIME(3) NOT NULL DEFAULT '1970-01-01 00:00:00.000'",
      // Of whom nothing was heard for longest come first.
      'UPDATE chat_members SET check_due_at = last_seen_at',
      'CREATE INDEX idx_chat_members_check_due_at ON chat_members (check_due_at)',
    ]);
  }

  async down(runner: QueryRunner): Promise<void> {
    const { type } = runner.connection.options;
    const table = type === 'mysql' ? ' ON chat_members' : '';
    await runStatements(runner, [
      `DROP INDEX idx_chat_members_check_due_at${table}`,
      'ALTER TABLE chat_members DROP COLUMN check_due_at',
      'ALTER TABLE chat_members DROP COLUMN check_result',
      'ALTER TABLE chat_members DROP COLUMN checked_at',
    ]);
  }
}
