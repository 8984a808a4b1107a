import type { MigrationInterface, QueryRunner } from 'typeorm';
import { runStatements, schemaWords } from '#database';

export class EmailVerification1700000000210 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    const words = schemaWords(runner);
    await runStatements(runner, [
      `CREATE TABLE email_verifications (
        id VARCHAR(36) NOT NULL PRIMARY KEY,
        user_id BIGINT NOT NULL,
        email VARCHAR(128) NOT NULL,
        email_canonical VARCHAR(160) NOT NULL,
        code_hash CHAR(64) NOT NULL,
        status VARCHAR(16) NOT NULL,
        refusal VARCHAR(64) NULL,
        wrong_tries INT NOT NULL,
        created_at DATETIME(3) NOT NULL,
        expires_at DATETIME(3) NOT NULL,
        bound_at DATETIME(3) NULL,
        undo_token_hash CHAR(64) NULL,
        undo_expires_at DATETIME(3) NULL,
        evidence ${words.text} NULL
      ) ${words.tableEnd}`,
      'CREATE INDEX idx_email_verifications_user ON email_verifications (user_id, created_at)',
      'CREATE INDEX idx_email_verifications_address ON email_verifications (email_canonical, created_at)',
      'CREATE UNIQUE INDEX uq_email_verifications_undo ON email_verifications (undo_token_hash)',
      `CREATE TABLE mail_cursors (
        mailbox VARCHAR(128) NOT NULL,
        folder VARCHAR(128) NOT NULL,
        uid_validity VARCHAR(32) NOT NULL,
        last_uid BIGINT NOT NULL,
        updated_at DATETIME(3) NOT NULL,
        PRIMARY KEY (mailbox, folder)
      ) ${words.tableEnd}`,
      `CREATE TABLE seen_mails (
        hash CHAR(64) NOT NULL PRIMARY KEY,
        seen_at DATETIME(3) NOT NULL
      ) ${words.tableEnd}`,
      'CREATE INDEX idx_seen_mails_seen_at ON seen_mails (seen_at)',
      `CREATE TABLE verification_failures (
        id ${words.autoId},
        scope VARCHAR(200) NOT NULL,
        failed_at DATETIME(3) NOT NULL
      ) ${words.tableEnd}`,
      'CREATE INDEX idx_verification_failures_scope ON verification_failures (scope, failed_at)',
      'CREATE INDEX idx_verification_failures_failed_at ON verification_failures (failed_at)',
      `CREATE TABLE email_blacklist (
        id ${words.autoId},
        pattern VARCHAR(255) NOT NULL,
        kind VARCHAR(16) NOT NULL,
        created_at DATETIME(3) NOT NULL
      ) ${words.tableEnd}`,
      'CREATE UNIQUE INDEX uq_email_blacklist_pattern ON email_blacklist (pattern)',
      `CREATE TABLE parked_mails (
        mail_key VARCHAR(64) NOT NULL PRIMARY KEY,
        mail ${words.text} NOT NULL,
        parked_at DATETIME(3) NOT NULL,
        next_try_at DATETIME(3) NOT NULL,
        tries INT NOT NULL
      ) ${words.tableEnd}`,
      'CREATE INDEX idx_parked_mails_next_try_at ON parked_mails (next_try_at)',
    ]);
  }

  async down(runner: QueryRunner): Promise<void> {
    const tables = [
      'parked_mails',
      'email_blacklist',
      'verification_failures',
      'seen_mails',
      'mail_cursors',
      'email_verifications',
    ];
    await runStatements(
      runner,
      tables.map((table) => `DROP TABLE ${table}`),
    );
  }
}
