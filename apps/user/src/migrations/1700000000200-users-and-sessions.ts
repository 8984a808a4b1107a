import type { MigrationInterface, QueryRunner } from 'typeorm';
import { runStatements, schemaWords } from '#database';

export class UsersAndSessions1700000000200 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    const words = schemaWords(runner);
    await runStatements(runner, [
      `CREATE TABLE users (
        id ${words.autoId},
        telegram_id VARCHAR(32) NOT NULL,
        email VARCHAR(128) NULL,
        status TINYINT NOT NULL DEFAULT 1,
        points BIGINT NOT NULL DEFAULT 0,
        created_at ${words.createdAt},
        updated_at ${words.updatedAt},
        kind VARCHAR(8) NOT NULL,
        first_name VARCHAR(128) NOT NULL,
        username VARCHAR(64) NULL,
        locale VARCHAR(2) NOT NULL,
        role VARCHAR(16) NOT NULL DEFAULT 'member',
        creation_id CHAR(36) NOT NULL DEFAULT '',
        email_canonical VARCHAR(160) NULL,
        email_bound_at DATETIME(3) NULL,
        points_version BIGINT NOT NULL DEFAULT 0,
        membership_kind VARCHAR(16) NULL,
        membership_plan VARCHAR(32) NULL,
        membership_started_at DATETIME(3) NULL,
        membership_expires_at DATETIME(3) NULL,
        membership_changed_at DATETIME(3) NULL
      ) ${words.tableEnd}`,
      'CREATE UNIQUE INDEX uq_users_telegram_id ON users (telegram_id)',
      'CREATE UNIQUE INDEX uq_users_email ON users (email)',
      'CREATE UNIQUE INDEX uq_users_email_canonical ON users (email_canonical)',
      'CREATE INDEX idx_telegram_id ON users (telegram_id)',
      'CREATE INDEX idx_email ON users (email)',
      `CREATE TABLE sessions (
        id VARCHAR(36) NOT NULL PRIMARY KEY,
        user_id BIGINT NOT NULL,
        method VARCHAR(16) NOT NULL,
        created_at DATETIME(3) NOT NULL,
        expires_at DATETIME(3) NOT NULL,
        ended_at DATETIME(3) NULL,
        end_reason VARCHAR(16) NULL
      ) ${words.tableEnd}`,
      'CREATE INDEX idx_sessions_user_id ON sessions (user_id)',
      `CREATE TABLE refresh_tokens (
        token_hash CHAR(64) NOT NULL PRIMARY KEY,
        session_id VARCHAR(36) NOT NULL,
        issued_at DATETIME(3) NOT NULL,
        expires_at DATETIME(3) NOT NULL,
        used_at DATETIME(3) NULL
      ) ${words.tableEnd}`,
      'CREATE INDEX idx_refresh_tokens_session_id ON refresh_tokens (session_id)',
    ]);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runStatements(runner, ['DROP TABLE refresh_tokens', 'DROP TABLE sessions', 'DROP TABLE users']);
  }
}
