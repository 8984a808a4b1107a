import type { MigrationInterface, QueryRunner } from 'typeorm';
import { runStatements, schemaWords } from '#database';

export class Phones1700000001100 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    const words = schemaWords(runner);
    await runStatements(runner, [
      `CREATE TABLE user_phones (
        user_id BIGINT NOT NULL PRIMARY KEY,
        phone VARCHAR(255) NOT NULL,
        method VARCHAR(16) NOT NULL,
        bound_at DATETIME(3) NOT NULL
      ) ${words.tableEnd}`,
      `CREATE TABLE user_phone_indexes (
        version INT NOT NULL,
        hash CHAR(64) NOT NULL,
        user_id BIGINT NOT NULL,
        PRIMARY KEY (version, hash)
      ) ${words.tableEnd}`,
      'CREATE INDEX idx_user_phone_indexes_user ON user_phone_indexes (user_id)',
      `CREATE TABLE phone_verifications (
        id VARCHAR(36) NOT NULL PRIMARY KEY,
        user_id BIGINT NOT NULL,
        method VARCHAR(16) NOT NULL,
        phone VARCHAR(255) NULL,
        phone_hash CHAR(64) NULL,
        code_hash CHAR(64) NULL,
        status VARCHAR(16) NOT NULL,
        wrong_tries INT NOT NULL,
        created_at DATETIME(3) NOT NULL,
        expires_at DATETIME(3) NOT NULL
      ) ${words.tableEnd}`,
      'CREATE INDEX idx_phone_verifications_user ON phone_verifications (user_id, created_at)',
      'CREATE INDEX idx_phone_verifications_phone ON phone_verifications (phone_hash, created_at)',
      'CREATE INDEX idx_phone_verifications_created_at ON phone_verifications (created_at)',
      `CREATE TABLE verification_targets (
        hash CHAR(64) NOT NULL PRIMARY KEY,
        asked_at DATETIME(3) NOT NULL
      ) ${words.tableEnd}`,
      'CREATE INDEX idx_verification_targets_asked_at ON verification_targets (asked_at)',
    ]);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runStatements(
      runner,
      ['verification_targets', 'phone_verifications', 'user_phone_indexes', 'user_phones'].map(
        (table) => `DROP TABLE ${table}`,
      ),
    );
  }
}
