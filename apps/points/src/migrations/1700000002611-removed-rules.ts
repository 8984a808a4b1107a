import { runStatements, type MigrationInterface, type QueryRunner } from '#database';

/** P-06: a rule can be removed; what it has said and given stays. */
export class RemovedRules1700000002611 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runStatements(runner, ['ALTER TABLE rules ADD COLUMN removed_at DATETIME(3) NULL']);
  }

  /** Removed rules are off, and stay so. */
  async down(runner: QueryRunner): Promise<void> {
    await runStatements(runner, ['ALTER TABLE rules DROP COLUMN removed_at']);
  }
}
