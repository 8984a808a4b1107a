import { runStatements, schemaWords, type MigrationInterface, type QueryRunner } from '#database';

/** What every service remembers about accounts that are not active (U-01): who, what, since when. Rows are added, never changed. */
export class StandingChanges1700000001300 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    const words = schemaWords(runner);
    await runStatements(runner, [
      `CREATE TABLE standing_changes (
        id ${words.autoId},
        user_id BIGINT NOT NULL,
        status VARCHAR(20) NOT NULL,
        changed_at DATETIME(3) NOT NULL
      ) ${words.tableEnd}`,
      'CREATE INDEX idx_standing_changes_changed_at ON standing_changes (changed_at)',
      'CREATE INDEX idx_standing_changes_user_id ON standing_changes (user_id)',
    ]);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runStatements(runner, ['DROP TABLE standing_changes']);
  }
}
