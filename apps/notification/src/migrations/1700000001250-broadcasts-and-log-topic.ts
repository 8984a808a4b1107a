import type { MigrationInterface, QueryRunner } from 'typeorm';
import { runStatements, schemaWords } from '#database';

export class BroadcastsAndLogTopic1700000001250 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    const words = schemaWords(runner);
    await runStatements(runner, [
      'ALTER TABLE contacts ADD COLUMN telegram_reach_at DATETIME(3) NULL',
      'ALTER TABLE contacts ADD COLUMN membership_kind VARCHAR(16) NULL',
      'ALTER TABLE contacts ADD COLUMN membership_expires_at DATETIME(3) NULL',
      'ALTER TABLE contacts ADD COLUMN membership_changed_at DATETIME(3) NULL',
      'ALTER TABLE contacts ADD COLUMN active_at DATETIME(3) NULL',
      'CREATE INDEX idx_contacts_telegram_id ON contacts (telegram_id)',
      'ALTER TABLE deliveries ADD COLUMN broadcast_id BIGINT NULL',
      'CREATE UNIQUE INDEX uq_deliveries_recipient ON deliveries (broadcast_id, user_id)',
      'CREATE INDEX idx_deliveries_broadcast ON deliveries (broadcast_id, status)',
      `CREATE TABLE contact_groups (
        group_id BIGINT NOT NULL,
        telegram_id VARCHAR(21) NOT NULL,
        standing VARCHAR(16) NOT NULL,
        changed_at DATETIME(3) NOT NULL,
        PRIMARY KEY (group_id, telegram_id)
      ) ${words.tableEnd}`,
      `CREATE TABLE broadcasts (
        id ${words.autoId},
        title VARCHAR(100) NOT NULL,
        texts ${words.text} NOT NULL,
        fallback VARCHAR(8) NULL,
        segment ${words.text} NOT NULL,
        status VARCHAR(16) NOT NULL,
        starts_at DATETIME(3) NULL,
        skip_after_minutes INT NOT NULL,
        expires_at DATETIME(3) NULL,
        recipients INT NULL,
        gone_through BIGINT NOT NULL,
        written INT NOT NULL,
        left_out INT NOT NULL,
        all_written TINYINT NOT NULL,
        created_by BIGINT NOT NULL,
        request_id VARCHAR(64) NOT NULL,
        created_at DATETIME(3) NOT NULL,
        finished_at DATETIME(3) NULL
      ) ${words.tableEnd}`,
      'CREATE INDEX idx_broadcasts_status ON broadcasts (status)',
      `CREATE TABLE telegram_chats (
        chat_id VARCHAR(21) NOT NULL PRIMARY KEY,
        paused_until DATETIME(3) NULL,
        moved_to VARCHAR(21) NULL,
        updated_at DATETIME(3) NOT NULL
      ) ${words.tableEnd}`,
      `CREATE TABLE log_lines (
        id ${words.autoId},
        line_key VARCHAR(64) NOT NULL,
        kind VARCHAR(32) NOT NULL,
        params ${words.text} NOT NULL,
        happened_at DATETIME(3) NOT NULL,
        repeats INT NOT NULL
      ) ${words.tableEnd}`,
      'CREATE UNIQUE INDEX uq_log_lines_line_key ON log_lines (line_key)',
    ]);
  }

  async down(runner: QueryRunner): Promise<void> {
    const columns = [
      'telegram_reach_at',
      'membership_kind',
      'membership_expires_at',
      'membership_changed_at',
      'active_at',
    ];
    const isMysql = runner.connection.options.type === 'mysql';
    await runStatements(runner, [
      'DROP TABLE log_lines',
      'DROP TABLE telegram_chats',
      'DROP TABLE broadcasts',
      'DROP TABLE contact_groups',
      ...['uq_deliveries_recipient', 'idx_deliveries_broadcast'].map(
        (index) => `DROP INDEX ${index}${isMysql ? ' ON deliveries' : ''}`,
      ),
      'ALTER TABLE deliveries DROP COLUMN broadcast_id',
      `DROP INDEX idx_contacts_telegram_id${isMysql ? ' ON contacts' : ''}`,
      ...columns.map((column) => `ALTER TABLE contacts DROP COLUMN ${column}`),
    ]);
  }
}
