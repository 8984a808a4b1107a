import type { MigrationInterface, QueryRunner } from 'typeorm';
import { runStatements, schemaWords } from '#database';

export class Groups1700000001200 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    const words = schemaWords(runner);
    await runStatements(runner, [
      `CREATE TABLE chat_groups (
        id ${words.autoId},
        chat_id VARCHAR(21) NOT NULL,
        kind VARCHAR(16) NOT NULL,
        title VARCHAR(255) NOT NULL,
        username VARCHAR(64) NULL,
        titled_at DATETIME(3) NOT NULL,
        moved_to BIGINT NULL,
        bot_status VARCHAR(16) NULL,
        bot_rights ${words.text} NULL,
        missing_rights VARCHAR(1024) NOT NULL,
        bot_status_at DATETIME(3) NULL,
        bot_status_order BIGINT NOT NULL,
        created_at DATETIME(3) NOT NULL,
        updated_at DATETIME(3) NOT NULL
      ) ${words.tableEnd}`,
      'CREATE UNIQUE INDEX uq_chat_groups_chat_id ON chat_groups (chat_id)',
      `CREATE TABLE chat_members (
        group_id BIGINT NOT NULL,
        telegram_id VARCHAR(21) NOT NULL,
        first_name VARCHAR(128) NOT NULL,
        username VARCHAR(64) NULL,
        standing VARCHAR(16) NOT NULL,
        telegram_status VARCHAR(16) NULL,
        source VARCHAR(24) NOT NULL,
        standing_trust INT NOT NULL,
        standing_at DATETIME(3) NULL,
        standing_order BIGINT NOT NULL,
        first_seen_at DATETIME(3) NOT NULL,
        last_seen_at DATETIME(3) NOT NULL,
        sightings BIGINT NOT NULL,
        PRIMARY KEY (group_id, telegram_id)
      ) ${words.tableEnd}`,
      'CREATE INDEX idx_chat_members_seen ON chat_members (group_id, standing, last_seen_at)',
      'CREATE INDEX idx_chat_members_telegram_id ON chat_members (telegram_id)',
      // Groups that the bot has met before there were rosters.
      `INSERT INTO chat_groups (chat_id, kind, title, username, titled_at, moved_to, bot_status, bot_rights, missing_rights,
        bot_status_at, bot_status_order, created_at, updated_at)
       SELECT telegram_id, CASE WHEN telegram_id LIKE '-100%' THEN 'supergroup' ELSE 'group' END, first_name, username, created_at,
        NULL, NULL, NULL, '[]', NULL, 0, created_at, created_at FROM users WHERE kind = 'group'`,
      `CREATE TABLE update_checks (
        name VARCHAR(16) NOT NULL PRIMARY KEY,
        mode VARCHAR(16) NOT NULL,
        missing VARCHAR(1024) NOT NULL,
        checked_at DATETIME(3) NOT NULL
      ) ${words.tableEnd}`,
    ]);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runStatements(runner, ['DROP TABLE update_checks', 'DROP TABLE chat_members', 'DROP TABLE chat_groups']);
  }
}
