import type { MigrationInterface, QueryRunner } from 'typeorm';
import { runStatements, schemaWords } from '#database';

export class ContactsAndDeliveries1700000000100 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    const words = schemaWords(runner);
    await runStatements(runner, [
      `CREATE TABLE contacts (
        user_id BIGINT NOT NULL PRIMARY KEY,
        telegram_id VARCHAR(21) NULL,
        first_name VARCHAR(128) NULL,
        locale VARCHAR(8) NULL,
        profile_seen_at DATETIME(3) NULL,
        email VARCHAR(320) NULL,
        email_seen_at DATETIME(3) NULL,
        telegram_blocked_at DATETIME(3) NULL
      ) ${words.tableEnd}`,
      `CREATE TABLE deliveries (
        id ${words.autoId},
        dedupe_key VARCHAR(96) NOT NULL,
        user_id BIGINT NOT NULL,
        channel VARCHAR(16) NOT NULL,
        template VARCHAR(48) NOT NULL,
        params ${words.text} NOT NULL,
        recipient VARCHAR(320) NULL,
        lane TINYINT NOT NULL,
        status VARCHAR(16) NOT NULL,
        attempts INT NOT NULL,
        due_at DATETIME(3) NOT NULL,
        expires_at DATETIME(3) NOT NULL,
        claimed_by CHAR(36) NULL,
        claimed_until DATETIME(3) NULL,
        last_error VARCHAR(255) NULL,
        request_id VARCHAR(64) NOT NULL,
        created_at DATETIME(3) NOT NULL,
        sent_at DATETIME(3) NULL
      ) ${words.tableEnd}`,
      'CREATE UNIQUE INDEX uq_deliveries_dedupe_key ON deliveries (dedupe_key)',
      'CREATE INDEX idx_deliveries_due ON deliveries (status, channel, lane, due_at)',
      'CREATE INDEX idx_deliveries_user_id ON deliveries (user_id)',
    ]);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runStatements(runner, ['DROP TABLE deliveries', 'DROP TABLE contacts']);
  }
}
