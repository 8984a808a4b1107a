import type { MigrationInterface, QueryRunner } from 'typeorm';
import { runStatements, schemaWords } from '#database';

/** The tags the platform sets by what happens (U-16). */
const systemTags = ['registered', 'verified', 'inviter'];

export class Community1700000001330 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    const words = schemaWords(runner);
    await runStatements(runner, [
      `CREATE TABLE follows (
        follower_user_id BIGINT NOT NULL,
        followee_user_id BIGINT NOT NULL,
        created_at DATETIME(3) NOT NULL,
        PRIMARY KEY (follower_user_id, followee_user_id)
      ) ${words.tableEnd}`,
      'CREATE INDEX idx_follows_followee ON follows (followee_user_id, created_at)',
      `CREATE TABLE tags (
        id ${words.autoId},
        name VARCHAR(32) NOT NULL,
        kind VARCHAR(8) NOT NULL,
        created_at DATETIME(3) NOT NULL
      ) ${words.tableEnd}`,
      'CREATE UNIQUE INDEX uq_tags_name ON tags (name)',
      ...systemTags.map(
        (name) => `INSERT INTO tags (name, kind, created_at) VALUES ('${name}', 'system', '2026-01-01 00:00:00.000')`,
      ),
      `CREATE TABLE user_tags (
        tag_id BIGINT NOT NULL,
        user_id BIGINT NOT NULL,
        created_at DATETIME(3) NOT NULL,
        PRIMARY KEY (tag_id, user_id)
      ) ${words.tableEnd}`,
      'CREATE INDEX idx_user_tags_user_id ON user_tags (user_id)',
      `CREATE TABLE activity_days (
        day VARCHAR(10) NOT NULL,
        user_id BIGINT NOT NULL,
        PRIMARY KEY (day, user_id)
      ) ${words.tableEnd}`,
      'CREATE INDEX idx_activity_days_user_id ON activity_days (user_id)',
      `CREATE TABLE member_registrations (
        user_id BIGINT NOT NULL PRIMARY KEY,
        registered_at DATETIME(3) NOT NULL
      ) ${words.tableEnd}`,
      'CREATE INDEX idx_member_registrations_at ON member_registrations (registered_at)',
      'CREATE INDEX idx_users_created_at ON users (created_at)',
    ]);
  }

  async down(runner: QueryRunner): Promise<void> {
    const tables = ['member_registrations', 'activity_days', 'user_tags', 'tags', 'follows'];
    await runStatements(runner, [
      'DROP INDEX idx_users_created_at ON users',
      ...tables.map((table) => `DROP TABLE ${table}`),
    ]);
  }
}
