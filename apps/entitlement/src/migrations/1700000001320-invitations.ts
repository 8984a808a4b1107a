import { runStatements, schemaWords, type MigrationInterface, type QueryRunner } from '#database';

/** Who invited whom (U-16), also for those who came before it was written down. */
export class Invitations1700000001320 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    const words = schemaWords(runner);
    await runStatements(runner, [
      `CREATE TABLE invitations (
        invitee_user_id BIGINT NOT NULL PRIMARY KEY,
        inviter_user_id BIGINT NOT NULL,
        invite_code_id BIGINT NOT NULL,
        invited_at DATETIME(3) NOT NULL
      ) ${words.tableEnd}`,
      'CREATE INDEX idx_invitations_inviter ON invitations (inviter_user_id, invited_at)',
      'CREATE INDEX idx_invitations_invited_at ON invitations (invited_at)',
      `INSERT INTO invitations (invitee_user_id, inviter_user_id, invite_code_id, invited_at)
       SELECT p.user_id, MIN(c.owner_user_id), MIN(c.id), MIN(p.created_at) FROM membership_periods p
       JOIN invite_codes c ON c.id = p.invite_code_id
       WHERE p.reason = 'invitation' AND c.owner_user_id IS NOT NULL GROUP BY p.user_id`,
    ]);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runStatements(runner, ['DROP TABLE invitations']);
  }
}
