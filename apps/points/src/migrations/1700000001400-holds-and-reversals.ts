import type { MigrationInterface, QueryRunner } from 'typeorm';
import { runStatements, schemaWords } from '#database';

/** P-01: points on hold, records that take others back, and what a member has earned in all. */
export class HoldsAndReversals1700000001400 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    const words = schemaWords(runner);
    await runStatements(runner, [
      'ALTER TABLE point_accounts ADD COLUMN lifetime_earned BIGINT NOT NULL DEFAULT 0',
      // Until now everything that was posted was earned by checking in.
      `UPDATE point_accounts SET lifetime_earned = (SELECT COALESCE(SUM(r.points), 0) FROM point_records r
         WHERE r.user_id = point_accounts.user_id AND r.points > 0)`,
      'ALTER TABLE point_records ADD COLUMN reverses_id BIGINT NULL',
      `CREATE TABLE point_holds (
        id ${words.autoId},
        user_id BIGINT NOT NULL,
        points BIGINT NOT NULL,
        remaining BIGINT NOT NULL,
        reference VARCHAR(96) NOT NULL,
        reason VARCHAR(255) NOT NULL,
        created_at DATETIME(3) NOT NULL,
        updated_at DATETIME(3) NOT NULL,
        CHECK (points > 0),
        CHECK (remaining >= 0 AND remaining <= points)
      ) ${words.tableEnd}`,
      'CREATE UNIQUE INDEX uq_point_holds_reference ON point_holds (reference)',
      'CREATE INDEX idx_point_holds_user ON point_holds (user_id)',
      // The open ones are few: what is frozen is their sum.
      'CREATE INDEX idx_point_holds_remaining ON point_holds (remaining)',
    ]);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runStatements(runner, [
      'DROP TABLE point_holds',
      'ALTER TABLE point_records DROP COLUMN reverses_id',
      'ALTER TABLE point_accounts DROP COLUMN lifetime_earned',
    ]);
  }
}
