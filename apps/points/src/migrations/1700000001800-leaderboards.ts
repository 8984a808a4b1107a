import type { MigrationInterface, QueryRunner } from 'typeorm';
import { runStatements, schemaWords } from '#database';

/** Who may stand on which board, what boards looked like at full hours, and how far the sets have been brought (P-08). */
export class Leaderboards1700000001800 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    const words = schemaWords(runner);
    await runStatements(runner, [
      `CREATE TABLE leaderboard_members (
        user_id BIGINT NOT NULL PRIMARY KEY,
        display_name VARCHAR(128) NOT NULL,
        is_shown TINYINT NOT NULL DEFAULT 1,
        is_active TINYINT NOT NULL DEFAULT 1,
        status_at DATETIME(3) NULL,
        province VARCHAR(8) NULL,
        city VARCHAR(64) NULL,
        settings_version BIGINT NOT NULL DEFAULT 0,
        listed ${words.text} NOT NULL,
        touched_at DATETIME(3) NOT NULL
      ) ${words.tableEnd}`,
      'CREATE INDEX idx_leaderboard_members_touched_at ON leaderboard_members (touched_at)',
      `CREATE TABLE leaderboard_groups (
        chat_id VARCHAR(32) NOT NULL,
        user_id BIGINT NOT NULL,
        is_in TINYINT NOT NULL,
        seen_at DATETIME(3) NOT NULL,
        PRIMARY KEY (chat_id, user_id)
      ) ${words.tableEnd}`,
      'CREATE INDEX idx_leaderboard_groups_user_id ON leaderboard_groups (user_id)',
      `CREATE TABLE leaderboard_snapshots (
        id ${words.autoId},
        board VARCHAR(160) NOT NULL,
        taken_at DATETIME(3) NOT NULL,
        position INT NOT NULL,
        rank_number INT NOT NULL,
        user_id BIGINT NOT NULL,
        score BIGINT NOT NULL,
        members INT NOT NULL
      ) ${words.tableEnd}`,
      'CREATE UNIQUE INDEX uq_leaderboard_snapshots ON leaderboard_snapshots (board, taken_at, position)',
      'CREATE INDEX idx_leaderboard_snapshots_taken_at ON leaderboard_snapshots (taken_at)',
      `CREATE TABLE leaderboard_state (
        id INT NOT NULL PRIMARY KEY,
        generation VARCHAR(64) NULL,
        caught_up_at DATETIME(3) NULL,
        rebuilt_at DATETIME(3) NULL,
        rebuild_requested_at DATETIME(3) NULL
      ) ${words.tableEnd}`,
      'INSERT INTO leaderboard_state (id) VALUES (1)',
      // Members from before: known by their number until an event tells their name.
      `INSERT INTO leaderboard_members (user_id, display_name, listed, touched_at)
       SELECT user_id, '', '[]', updated_at FROM point_accounts`,
      'CREATE INDEX idx_point_accounts_updated_at ON point_accounts (updated_at)',
    ]);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runStatements(runner, [
      ...['state', 'snapshots', 'groups', 'members'].map((name) => `DROP TABLE leaderboard_${name}`),
    ]);
  }
}
