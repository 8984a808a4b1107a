import type { MigrationInterface, QueryRunner } from 'typeorm';
import { runStatements } from '#database';

export class EmailCodesAndBlacklist1700000001110 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runStatements(runner, [
      "ALTER TABLE email_verifications ADD COLUMN method VARCHAR(16) NOT NULL DEFAULT 'reverse'",
      "ALTER TABLE email_blacklist ADD COLUMN note VARCHAR(255) NOT NULL DEFAULT ''",
    ]);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runStatements(runner, [
      'ALTER TABLE email_blacklist DROP COLUMN note',
      'ALTER TABLE email_verifications DROP COLUMN method',
    ]);
  }
}
