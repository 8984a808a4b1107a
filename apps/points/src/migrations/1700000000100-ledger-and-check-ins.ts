import type { MigrationInterface, QueryRunner } from 'typeorm';
import { runStatements, schemaWords } from '#database';

export class LedgerAndCheckIns1700000000100 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    const words = schemaWords(runner);
    await runStatements(runner, [
      `CREATE TABLE point_accounts (
        user_id BIGINT NOT NULL PRIMARY KEY,
        balance BIGINT NOT NULL,
        frozen BIGINT NOT NULL,
        version BIGINT NOT NULL,
        updated_at DATETIME(3) NOT NULL,
        CHECK (balance >= 0),
        CHECK (frozen >= 0 AND frozen <= balance)
      ) ${words.tableEnd}`,
      `CREATE TABLE point_records (
        id ${words.autoId},
        user_id BIGINT NOT NULL,
        points INT NOT NULL,
        type TINYINT NOT NULL,
        description VARCHAR(255) NULL,
        balance_after BIGINT NOT NULL,
        idempotency_key VARCHAR(96) NOT NULL,
        created_at ${words.createdAt}
      ) ${words.tableEnd}`,
      'CREATE INDEX idx_user_id ON point_records (user_id)',
      'CREATE INDEX idx_created_at ON point_records (created_at)',
      'CREATE UNIQUE INDEX uq_point_records_key ON point_records (idempotency_key)',
      `CREATE TABLE check_ins (
        id ${words.autoId},
        user_id BIGINT NOT NULL,
        day VARCHAR(10) NOT NULL,
        streak_days INT NOT NULL,
        total_days INT NOT NULL,
        points INT NOT NULL,
        created_at DATETIME(3) NOT NULL
      ) ${words.tableEnd}`,
      'CREATE UNIQUE INDEX uq_check_ins_user_day ON check_ins (user_id, day)',
    ]);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runStatements(runner, ['DROP TABLE check_ins', 'DROP TABLE point_records', 'DROP TABLE point_accounts']);
  }
}
