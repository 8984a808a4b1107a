import type { MigrationInterface, QueryRunner } from '#database';
import { shipRule } from '../rule/rule.seeder.js';
import { shippedRules } from '../rule/shipped-rules.data.js';

/** The rule for a completed profile (P-06, U-11), where the rules had been shipped before it. */
export class ProfileRule1700000001630 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const rule of shippedRules) if (rule.key === 'profile_completed') await shipRule(runner, rule);
  }

  /** The rule stays: what it has given names it. */
  async down(): Promise<void> {
    // Nothing was made that could go.
  }
}
