import { runStatements, schemaWords, type MigrationInterface, type QueryRunner } from '#database';

/** What became of the orders of the exchange shop that give membership days (P-07). */
export class MembershipOrders1700000002620 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    const words = schemaWords(runner);
    await runStatements(runner, [
      `CREATE TABLE membership_orders (
        order_id BIGINT NOT NULL PRIMARY KEY,
        user_id BIGINT NOT NULL,
        state VARCHAR(16) NOT NULL,
        days INT NOT NULL,
        refusal VARCHAR(32) NULL,
        begins_ms BIGINT NULL,
        ends_ms BIGINT NULL,
        kind_before VARCHAR(16) NULL,
        plan_before VARCHAR(32) NULL,
        created_at DATETIME(3) NOT NULL,
        updated_at DATETIME(3) NOT NULL
      ) ${words.tableEnd}`,
      'CREATE INDEX idx_membership_orders_user_id ON membership_orders (user_id, begins_ms)',
    ]);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runStatements(runner, ['DROP TABLE membership_orders']);
  }
}
