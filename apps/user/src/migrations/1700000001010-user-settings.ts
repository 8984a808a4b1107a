import type { MigrationInterface, QueryRunner } from 'typeorm';
import { runStatements, schemaWords } from '#database';

export class UserSettings1700000001010 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    const words = schemaWords(runner);
    await runStatements(runner, [
      `CREATE TABLE user_settings (
        user_id BIGINT NOT NULL PRIMARY KEY,
        nickname VARCHAR(64) NULL,
        avatar_url VARCHAR(512) NULL,
        timezone VARCHAR(64) NULL,
        birthday VARCHAR(10) NULL,
        country VARCHAR(2) NULL,
        province VARCHAR(6) NULL,
        city VARCHAR(64) NULL,
        show_in_leaderboards TINYINT NOT NULL DEFAULT 1,
        remind_check_in TINYINT NOT NULL DEFAULT 0,
        remind_check_in_at VARCHAR(5) NOT NULL DEFAULT '09:00',
        remind_membership TINYINT NOT NULL DEFAULT 1,
        version INT NOT NULL DEFAULT 0,
        completed_at DATETIME(3) NULL,
        updated_at DATETIME(3) NOT NULL
      ) ${words.tableEnd}`,
    ]);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runStatements(runner, ['DROP TABLE user_settings']);
  }
}
