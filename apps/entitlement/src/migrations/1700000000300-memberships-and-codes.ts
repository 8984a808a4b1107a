import type { MigrationInterface, QueryRunner } from 'typeorm';
import { runStatements, schemaWords } from '#database';

export class MembershipsAndCodes1700000000300 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    const words = schemaWords(runner);
    await runStatements(runner, [
      `CREATE TABLE invite_codes (
        id ${words.autoId},
        code VARCHAR(32) NOT NULL,
        kind VARCHAR(16) NOT NULL,
        days INT NOT NULL,
        max_uses INT NULL,
        uses INT NOT NULL,
        valid_from DATETIME(3) NULL,
        valid_until DATETIME(3) NULL,
        enabled TINYINT NOT NULL,
        created_at DATETIME(3) NOT NULL
      ) ${words.tableEnd}`,
      'CREATE UNIQUE INDEX uq_invite_codes_code ON invite_codes (code)',
      `CREATE TABLE memberships (
        user_id BIGINT NOT NULL PRIMARY KEY,
        kind VARCHAR(16) NULL,
        plan VARCHAR(32) NULL,
        started_at DATETIME(3) NULL,
        expires_at DATETIME(3) NULL
      ) ${words.tableEnd}`,
      `CREATE TABLE membership_periods (
        id ${words.autoId},
        user_id BIGINT NOT NULL,
        kind VARCHAR(16) NOT NULL,
        plan VARCHAR(32) NOT NULL,
        started_at DATETIME(3) NOT NULL,
        expires_at DATETIME(3) NULL,
        invite_code_id BIGINT NOT NULL,
        created_at DATETIME(3) NOT NULL
      ) ${words.tableEnd}`,
      'CREATE INDEX idx_membership_periods_user_id ON membership_periods (user_id)',
      `CREATE TABLE trial_claims (
        identity VARCHAR(96) NOT NULL PRIMARY KEY,
        user_id BIGINT NOT NULL,
        claimed_at DATETIME(3) NOT NULL
      ) ${words.tableEnd}`,
    ]);
  }

  async down(runner: QueryRunner): Promise<void> {
    const tables = ['trial_claims', 'membership_periods', 'memberships', 'invite_codes'];
    await runStatements(
      runner,
      tables.map((table) => `DROP TABLE ${table}`),
    );
  }
}
