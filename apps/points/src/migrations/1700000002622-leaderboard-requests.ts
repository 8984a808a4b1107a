import { runStatements, type MigrationInterface, type QueryRunner } from '#database';

/** Who meets a request for boards made anew takes it away (P-08): no time has to be compared any more. */
export class LeaderboardRequests1700000002622 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runStatements(runner, [
      'UPDATE leaderboard_state SET rebuild_requested_at = NULL WHERE rebuilt_at >= rebuild_requested_at',
      'ALTER TABLE leaderboard_state DROP COLUMN rebuilt_at',
    ]);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runStatements(runner, ['ALTER TABLE leaderboard_state ADD COLUMN rebuilt_at DATETIME(3) NULL']);
  }
}
