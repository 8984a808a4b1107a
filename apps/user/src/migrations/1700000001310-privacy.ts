import type { MigrationInterface, QueryRunner } from 'typeorm';
import { runStatements, schemaWords } from '#database';

export class Privacy1700000001310 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    const words = schemaWords(runner);
    await runStatements(runner, [
      `CREATE TABLE deletion_requests (
        user_id BIGINT NOT NULL PRIMARY KEY,
        state VARCHAR(16) NOT NULL,
        requested_at DATETIME(3) NOT NULL,
        due_at DATETIME(3) NOT NULL,
        reminded_days INT NULL,
        finished_at DATETIME(3) NULL
      ) ${words.tableEnd}`,
      'CREATE INDEX idx_deletion_requests_state ON deletion_requests (state, due_at)',
      `CREATE TABLE erasure_reports (
        user_id BIGINT NOT NULL,
        service VARCHAR(16) NOT NULL,
        row_count INT NOT NULL,
        reported_at DATETIME(3) NOT NULL,
        PRIMARY KEY (user_id, service)
      ) ${words.tableEnd}`,
      `CREATE TABLE erased_identities (
        identity_hash CHAR(64) NOT NULL PRIMARY KEY,
        was_banned TINYINT NOT NULL,
        erased_at DATETIME(3) NOT NULL
      ) ${words.tableEnd}`,
      `CREATE TABLE data_exports (
        id VARCHAR(36) NOT NULL PRIMARY KEY,
        user_id BIGINT NOT NULL,
        requested_at DATETIME(3) NOT NULL
      ) ${words.tableEnd}`,
      'CREATE INDEX idx_data_exports_user_id ON data_exports (user_id, requested_at)',
      `CREATE TABLE terms_acceptances (
        user_id BIGINT NOT NULL,
        version VARCHAR(16) NOT NULL,
        accepted_at DATETIME(3) NOT NULL,
        channel VARCHAR(16) NOT NULL,
        PRIMARY KEY (user_id, version)
      ) ${words.tableEnd}`,
    ]);
  }

  async down(runner: QueryRunner): Promise<void> {
    const tables = ['terms_acceptances', 'data_exports', 'erased_identities', 'erasure_reports', 'deletion_requests'];
    await runStatements(
      runner,
      tables.map((table) => `DROP TABLE ${table}`),
    );
  }
}
