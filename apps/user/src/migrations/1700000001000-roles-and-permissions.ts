import type { MigrationInterface, QueryRunner } from 'typeorm';
import { runStatements, schemaWords } from '#database';

/** Which permissions there are is the code's to say: the rows are written at start (`access.seeder.ts`). */
export class RolesAndPermissions1700000001000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    const words = schemaWords(runner);
    await runStatements(runner, [
      `CREATE TABLE roles (
        name VARCHAR(16) NOT NULL PRIMARY KEY,
        rank_number INT NOT NULL
      ) ${words.tableEnd}`,
      `INSERT INTO roles (name, rank_number) VALUES
        ('member', 0), ('vip', 10), ('operator', 20), ('admin', 30), ('super_admin', 40)`,
      `CREATE TABLE permissions (
        name VARCHAR(64) NOT NULL PRIMARY KEY,
        created_at DATETIME(3) NOT NULL
      ) ${words.tableEnd}`,
      `CREATE TABLE role_permissions (
        role VARCHAR(16) NOT NULL,
        permission VARCHAR(64) NOT NULL,
        PRIMARY KEY (role, permission)
      ) ${words.tableEnd}`,
      'ALTER TABLE users ADD COLUMN role_changed_at DATETIME(3) NULL',
      'CREATE INDEX idx_users_role ON users (role)',
      'CREATE INDEX idx_users_role_changed_at ON users (role_changed_at)',
      'CREATE INDEX idx_sessions_ended_at ON sessions (ended_at)',
    ]);
  }

  async down(runner: QueryRunner): Promise<void> {
    const of = (table: string): string => (runner.connection.options.type === 'mysql' ? ` ON ${table}` : '');
    await runStatements(runner, [
      `DROP INDEX idx_sessions_ended_at${of('sessions')}`,
      `DROP INDEX idx_users_role_changed_at${of('users')}`,
      `DROP INDEX idx_users_role${of('users')}`,
      'ALTER TABLE users DROP COLUMN role_changed_at',
      'DROP TABLE role_permissions',
      'DROP TABLE permissions',
      'DROP TABLE roles',
    ]);
  }
}
