import { runStatements, type MigrationInterface, type QueryRunner } from '#database';

/**
 * Orders keep why what was bought could not be given (P-07). Items that said they were given with the purchase, though nothing gives
 * them, are handed over by an admin from now on.
 */
export class HonestShelf1700000002620 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runStatements(runner, [
      'ALTER TABLE points_exchange_records ADD COLUMN refusal VARCHAR(32) NULL',
      `UPDATE points_exchanges SET fulfilment = 'manual', version = version + 1
       WHERE fulfilment = 'automatic' AND (exchange_type = 'balance' OR (exchange_type = 'privilege'
       AND (reward_reference IS NULL OR reward_reference <> 'membership'
         OR reward_value IS NULL OR reward_value < 1 OR reward_value > 3650)))`,
    ]);
  }

  /** What the items said before is not known any more. */
  async down(runner: QueryRunner): Promise<void> {
    await runStatements(runner, ['ALTER TABLE points_exchange_records DROP COLUMN refusal']);
  }
}
