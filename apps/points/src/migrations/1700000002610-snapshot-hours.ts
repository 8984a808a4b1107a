import { runStatements, type MigrationInterface, type QueryRunner } from '#database';

/** P-08: how far the hours are written down, so that one that was broken off is made whole; and when each board stood so. */
export class SnapshotHours1700000002610 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runStatements(runner, [
      'ALTER TABLE leaderboard_state ADD COLUMN recorded_hour DATETIME(3) NULL',
      'ALTER TABLE leaderboard_snapshots ADD COLUMN recorded_at DATETIME(3) NULL',
    ]);
    // Cities whose names differ in an accent only are two boards; SQLite tells them apart anyway.
    if (runner.connection.options.type !== 'mysql') return;
    await runStatements(runner, [
      `ALTER TABLE leaderboard_snapshots MODIFY board VARCHAR(160) ${exactly} NOT NULL`,
      `ALTER TABLE leaderboard_members MODIFY city VARCHAR(64) ${exactly} NULL`,
    ]);
  }

  /** Boards stay told apart: two that have become so cannot be one key again. */
  async down(runner: QueryRunner): Promise<void> {
    await runStatements(runner, [
      'ALTER TABLE leaderboard_snapshots DROP COLUMN recorded_at',
      'ALTER TABLE leaderboard_state DROP COLUMN recorded_hour',
    ]);
  }
}

const exactly = 'CHARACTER SET utf8mb4 COLLATE utf8mb4_bin';
