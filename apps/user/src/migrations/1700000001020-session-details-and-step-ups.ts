import type { MigrationInterface, QueryRunner } from 'typeorm';
import { runStatements, schemaWords } from '#database';

export class SessionDetailsAndStepUps1700000001020 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    const words = schemaWords(runner);
    await runStatements(runner, [
      'ALTER TABLE sessions ADD COLUMN device VARCHAR(256) NULL',
      'ALTER TABLE sessions ADD COLUMN ip VARCHAR(64) NULL',
      'ALTER TABLE sessions ADD COLUMN last_used_at DATETIME(3) NULL',
      `CREATE TABLE step_ups (
        id VARCHAR(36) NOT NULL PRIMARY KEY,
        user_id BIGINT NOT NULL,
        session_id VARCHAR(36) NOT NULL,
        status VARCHAR(16) NOT NULL,
        created_at DATETIME(3) NOT NULL,
        expires_at DATETIME(3) NOT NULL
      ) ${words.tableEnd}`,
      'CREATE INDEX idx_step_ups_user_id ON step_ups (user_id, expires_at)',
    ]);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runStatements(runner, [
      'DROP TABLE step_ups',
      'ALTER TABLE sessions DROP COLUMN last_used_at',
      'ALTER TABLE sessions DROP COLUMN ip',
      'ALTER TABLE sessions DROP COLUMN device',
    ]);
  }
}
