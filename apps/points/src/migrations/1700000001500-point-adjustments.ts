import type { MigrationInterface, QueryRunner } from 'typeorm';
import { runStatements, schemaWords } from '#database';

export class PointAdjustments1700000001500 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    const words = schemaWords(runner);
    await runStatements(runner, [
      `CREATE TABLE point_adjustments (
        id ${words.autoId},
        user_id BIGINT NOT NULL,
        points INT NOT NULL,
        reason VARCHAR(200) NOT NULL,
        state VARCHAR(16) NOT NULL,
        requested_by BIGINT NOT NULL,
        requested_at DATETIME(3) NOT NULL,
        expires_at DATETIME(3) NULL,
        decided_by BIGINT NULL,
        decided_at DATETIME(3) NULL,
        decision_note VARCHAR(200) NULL,
        balance_after BIGINT NULL,
        CHECK (points <> 0)
      ) ${words.tableEnd}`,
      'CREATE INDEX idx_point_adjustments_user_id ON point_adjustments (user_id, requested_at)',
      'CREATE INDEX idx_point_adjustments_state ON point_adjustments (state, expires_at)',
    ]);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runStatements(runner, ['DROP TABLE point_adjustments']);
  }
}
