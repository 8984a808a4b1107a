import type { MigrationInterface, QueryRunner } from 'typeorm';
import { runStatements, schemaWords } from '#database';

/** P-01: ranges of records under a chain of digests, and the accounts whose books were found to be wrong. */
export class LedgerSeals1700000001420 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    const words = schemaWords(runner);
    await runStatements(runner, [
      `CREATE TABLE ledger_seals (
        id ${words.autoId},
        first_id BIGINT NOT NULL,
        last_id BIGINT NOT NULL,
        records INT NOT NULL,
        previous_digest VARCHAR(64) NOT NULL,
        digest VARCHAR(64) NOT NULL,
        sealed_at DATETIME(3) NOT NULL
      ) ${words.tableEnd}`,
      'CREATE UNIQUE INDEX uq_ledger_seals_first ON ledger_seals (first_id)',
      `CREATE TABLE point_imbalances (
        user_id BIGINT NOT NULL PRIMARY KEY,
        problem VARCHAR(32) NOT NULL,
        found_at DATETIME(3) NOT NULL
      ) ${words.tableEnd}`,
    ]);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runStatements(runner, ['DROP TABLE point_imbalances', 'DROP TABLE ledger_seals']);
  }
}
