import { runStatements, type MigrationInterface, type QueryRunner } from '#database';

/** Whom alarms are told to (P-09). */
export class ContactRoles1700000001640 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runStatements(runner, [
      'ALTER TABLE contacts ADD COLUMN role VARCHAR(16) NULL',
      'CREATE INDEX idx_contacts_role ON contacts (role)',
    ]);
  }

  async down(runner: QueryRunner): Promise<void> {
    const isMysql = runner.connection.options.type === 'mysql';
    await runStatements(runner, [
      `DROP INDEX idx_contacts_role${isMysql ? ' ON contacts' : ''}`,
      'ALTER TABLE contacts DROP COLUMN role',
    ]);
  }
}
