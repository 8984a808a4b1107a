import type { MigrationInterface, QueryRunner } from 'typeorm';
import { runStatements, schemaWords } from '#database';

export class ConsoleAccounts1700000001030 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    const words = schemaWords(runner);
    await runStatements(runner, [
      `CREATE TABLE console_accounts (
        user_id BIGINT NOT NULL PRIMARY KEY,
        username VARCHAR(32) NOT NULL,
        password_hash VARCHAR(60) NULL,
        password_version INT NOT NULL DEFAULT 0,
        token_hash VARCHAR(64) NULL,
        token_expires_at DATETIME(3) NULL,
        totp_secret VARCHAR(255) NULL,
        totp_confirmed_at DATETIME(3) NULL,
        totp_last_step BIGINT NOT NULL DEFAULT 0,
        created_at DATETIME(3) NOT NULL
      ) ${words.tableEnd}`,
      'CREATE UNIQUE INDEX uq_console_accounts_username ON console_accounts (username)',
      'CREATE INDEX idx_console_accounts_token_hash ON console_accounts (token_hash)',
      `CREATE TABLE console_recovery_codes (
        user_id BIGINT NOT NULL,
        code_hash VARCHAR(64) NOT NULL,
        used_at DATETIME(3) NULL,
        PRIMARY KEY (user_id, code_hash)
      ) ${words.tableEnd}`,
      `CREATE TABLE console_logins (
        name_hash VARCHAR(64) NOT NULL PRIMARY KEY,
        tries INT NOT NULL DEFAULT 0,
        window_started_at DATETIME(3) NOT NULL,
        locked_until DATETIME(3) NULL
      ) ${words.tableEnd}`,
      'CREATE INDEX idx_console_logins_window_started_at ON console_logins (window_started_at)',
    ]);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runStatements(runner, [
      'DROP TABLE console_logins',
      'DROP TABLE console_recovery_codes',
      'DROP TABLE console_accounts',
    ]);
  }
}
