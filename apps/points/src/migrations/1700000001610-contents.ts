import { runStatements, schemaWords, type MigrationInterface, type QueryRunner } from '#database';

/** What members hand in for publication (P-05). */
export class Contents1700000001610 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    const words = schemaWords(runner);
    await runStatements(runner, [
      `CREATE TABLE contents (
        id ${words.autoId},
        user_id BIGINT NOT NULL,
        kind VARCHAR(16) NOT NULL,
        title VARCHAR(120) NOT NULL,
        body ${words.text} NULL,
        link VARCHAR(500) NULL,
        photo_file_id VARCHAR(200) NULL,
        duplicate_key VARCHAR(96) NOT NULL,
        status VARCHAR(16) NOT NULL,
        points INT NULL,
        reason VARCHAR(255) NULL,
        decided_by BIGINT NULL,
        submitted_at DATETIME(3) NOT NULL,
        decided_at DATETIME(3) NULL
      ) ${words.tableEnd}`,
      'CREATE UNIQUE INDEX uq_contents_duplicate_key ON contents (duplicate_key)',
      'CREATE INDEX idx_contents_status ON contents (status, id)',
      'CREATE INDEX idx_contents_user_id ON contents (user_id)',
      `CREATE TABLE content_days (
        user_id BIGINT NOT NULL,
        day VARCHAR(10) NOT NULL,
        submissions INT NOT NULL,
        PRIMARY KEY (user_id, day)
      ) ${words.tableEnd}`,
    ]);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runStatements(runner, ['DROP TABLE content_days', 'DROP TABLE contents']);
  }
}
