import { runStatements, schemaWords, type MigrationInterface, type QueryRunner } from '#database';

/** The two tables every service with a database has: what it has handled, and what it has yet to tell. */
export class InboxAndOutbox1700000000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    const words = schemaWords(runner);
    await runStatements(runner, [
      `CREATE TABLE inbox (
        message_id CHAR(64) NOT NULL PRIMARY KEY,
        contract VARCHAR(96) NOT NULL,
        input_hash CHAR(64) NULL,
        reply ${words.text} NULL,
        handled_at DATETIME(3) NOT NULL
      ) ${words.tableEnd}`,
      'CREATE INDEX idx_inbox_handled_at ON inbox (handled_at)',
      `CREATE TABLE outbox (
        id ${words.autoId},
        message ${words.text} NOT NULL,
        created_at DATETIME(3) NOT NULL
      ) ${words.tableEnd}`,
    ]);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runStatements(runner, ['DROP TABLE outbox', 'DROP TABLE inbox']);
  }
}
