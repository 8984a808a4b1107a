import type { MigrationInterface, QueryRunner } from 'typeorm';
import { runStatements } from '#database';

/** Admins find somebody by the beginning of a name (B-04). */
export class UserSearch1700000001700 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runStatements(runner, [
      'CREATE INDEX idx_users_username ON users (username)',
      'CREATE INDEX idx_users_first_name ON users (first_name)',
    ]);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const name of ['idx_users_username', 'idx_users_first_name']) await runner.dropIndex('users', name);
  }
}
