import { runStatements, schemaWords, type MigrationInterface, type QueryRunner } from '#database';

/** Activities and who takes part in them (P-05). */
export class Activities1700000001600 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    const words = schemaWords(runner);
    await runStatements(runner, [
      `CREATE TABLE activities (
        id ${words.autoId},
        title ${words.text} NOT NULL,
        description ${words.text} NOT NULL,
        starts_at DATETIME(3) NOT NULL,
        ends_at DATETIME(3) NOT NULL,
        registration_opens_at DATETIME(3) NULL,
        registration_closes_at DATETIME(3) NULL,
        capacity INT NOT NULL,
        points INT NOT NULL,
        way VARCHAR(16) NOT NULL,
        code VARCHAR(32) NULL,
        latitude DOUBLE NULL,
        longitude DOUBLE NULL,
        radius_m INT NULL,
        waitlist TINYINT NOT NULL,
        state VARCHAR(16) NOT NULL,
        joined INT NOT NULL,
        waiting INT NOT NULL,
        created_by BIGINT NULL,
        created_at DATETIME(3) NOT NULL,
        updated_at DATETIME(3) NOT NULL,
        CHECK (joined >= 0 AND joined <= capacity),
        CHECK (waiting >= 0)
      ) ${words.tableEnd}`,
      'CREATE INDEX idx_activities_state_ends_at ON activities (state, ends_at)',
      `CREATE TABLE activity_participants (
        activity_id BIGINT NOT NULL,
        user_id BIGINT NOT NULL,
        status VARCHAR(16) NOT NULL,
        joined_at DATETIME(3) NOT NULL,
        requested_at DATETIME(3) NULL,
        note VARCHAR(255) NULL,
        completed_at DATETIME(3) NULL,
        points INT NULL,
        reason VARCHAR(255) NULL,
        decided_by BIGINT NULL,
        wrong_tries INT NOT NULL,
        tries_until DATETIME(3) NULL,
        PRIMARY KEY (activity_id, user_id)
      ) ${words.tableEnd}`,
      'CREATE INDEX idx_activity_participants_turn ON activity_participants (activity_id, status, joined_at)',
      'CREATE INDEX idx_activity_participants_user_id ON activity_participants (user_id)',
    ]);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runStatements(runner, ['DROP TABLE activity_participants', 'DROP TABLE activities']);
  }
}
