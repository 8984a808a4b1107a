import { runStatements, schemaWords, type MigrationInterface, type QueryRunner } from '#database';

/** The catalogue of U-03: days, or none for a plan without an end. */
const plans: readonly (readonly [code: string, days: number | null])[] = [
  ['week', 7],
  ['month', 30],
  ['season', 90],
  ['year', 365],
  ['permanent', null],
];

export class MembershipsAndCodes1700000000300 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    const words = schemaWords(runner);
    await runStatements(runner, [
      `CREATE TABLE plans (
        code VARCHAR(32) NOT NULL PRIMARY KEY,
        days INT NULL,
        enabled TINYINT NOT NULL,
        created_at DATETIME(3) NOT NULL
      ) ${words.tableEnd}`,
      ...plans.map(
        ([code, days]) =>
          `INSERT INTO plans (code, days, enabled, created_at) VALUES ('${code}', ${days ?? 'NULL'}, 1, '2026-01-01 00:00:00.000')`,
      ),
      `CREATE TABLE invite_codes (
        id ${words.autoId},
        code VARCHAR(32) NOT NULL,
        kind VARCHAR(16) NOT NULL,
        plan VARCHAR(32) NOT NULL,
        days INT NULL,
        max_uses INT NULL,
        uses INT NOT NULL,
        valid_from DATETIME(3) NULL,
        valid_until DATETIME(3) NULL,
        enabled TINYINT NOT NULL,
        owner_user_id BIGINT NULL,
        batch VARCHAR(64) NULL,
        created_at DATETIME(3) NOT NULL
      ) ${words.tableEnd}`,
      'CREATE UNIQUE INDEX uq_invite_codes_code ON invite_codes (code)',
      'CREATE INDEX idx_invite_codes_owner ON invite_codes (owner_user_id)',
      ...this.membershipTables(words.autoId, words.tableEnd),
      ...this.trialTables(words.tableEnd),
    ]);
  }

  async down(runner: QueryRunner): Promise<void> {
    const tables = [
      'membership_reminders',
      'member_identities',
      'trial_claims',
      'membership_periods',
      'memberships',
      'invite_codes',
      'plans',
    ];
    await runStatements(
      runner,
      tables.map((table) => `DROP TABLE ${table}`),
    );
  }

  private membershipTables(autoId: string, tableEnd: string): string[] {
    return [
      `CREATE TABLE memberships (
        user_id BIGINT NOT NULL PRIMARY KEY,
        kind VARCHAR(16) NULL,
        plan VARCHAR(32) NULL,
        started_at DATETIME(3) NULL,
        expires_at DATETIME(3) NULL
      ) ${tableEnd}`,
      'CREATE INDEX idx_memberships_expires_at ON memberships (expires_at)',
      `CREATE TABLE membership_periods (
        id ${autoId},
        user_id BIGINT NOT NULL,
        kind VARCHAR(16) NOT NULL,
        plan VARCHAR(32) NOT NULL,
        reason VARCHAR(16) NOT NULL,
        started_at DATETIME(3) NOT NULL,
        expires_at DATETIME(3) NULL,
        invite_code_id BIGINT NULL,
        created_at DATETIME(3) NOT NULL
      ) ${tableEnd}`,
      'CREATE INDEX idx_membership_periods_user_id ON membership_periods (user_id)',
      `CREATE TABLE membership_reminders (
        user_id BIGINT NOT NULL,
        expires_at DATETIME(3) NOT NULL,
        kind VARCHAR(16) NOT NULL,
        created_at DATETIME(3) NOT NULL,
        PRIMARY KEY (user_id, expires_at, kind)
      ) ${tableEnd}`,
    ];
  }

  private trialTables(tableEnd: string): string[] {
    return [
      `CREATE TABLE trial_claims (
        identity VARCHAR(96) NOT NULL PRIMARY KEY,
        user_id BIGINT NOT NULL,
        claimed_at DATETIME(3) NOT NULL
      ) ${tableEnd}`,
      `CREATE TABLE member_identities (
        identity VARCHAR(96) NOT NULL,
        user_id BIGINT NOT NULL,
        known_since DATETIME(3) NOT NULL,
        PRIMARY KEY (identity, user_id)
      ) ${tableEnd}`,
      'CREATE INDEX idx_member_identities_user_id ON member_identities (user_id)',
    ];
  }
}
