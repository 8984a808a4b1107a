import { runStatements, type MigrationInterface, type QueryRunner } from '#database';

/** P-08: which generation of boards was left unfinished, so that its sets do not stay for ever. */
export class LeaderboardLeftovers1700000002612 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runStatements(runner, ['ALTER TABLE leaderboard_state ADD COLUMN leftover VARCHAR(64) NULL']);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runStatements(runner, ['ALTER TABLE leaderboard_state DROP COLUMN leftover']);
  }
}
