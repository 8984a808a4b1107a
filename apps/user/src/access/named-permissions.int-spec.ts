import { afterAll, beforeAll, expect, it } from 'vitest';
import { permissionNames } from '#contracts';
import { Database, runStatements, type MigrationInterface, type QueryRunner } from '#database';
import { onEachDatabase } from '#testing/engines';
import { userService } from '../user.module.js';
import { NamedPermissions1700000001800 } from '../migrations/1700000001800-named-permissions.js';
import { readRolePermissions } from './role.store.js';

/** What an older version had written: its admins, and a role that a super_admin had changed. */
class OlderPolicy1700000001799 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runStatements(runner, [
      `INSERT INTO permissions (name, created_at) VALUES ('administration', '2026-01-01 00:00:00.000'),
       ('user.read', '2026-01-01 00:00:00.000'), ('audit.read', '2026-01-01 00:00:00.000')`,
      `INSERT INTO role_permissions (role, permission) VALUES ('admin', 'administration'), ('admin', 'audit.read'),
       ('vip', 'administration'), ('vip', 'user.read'), ('operator', 'user.read')`,
    ]);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runStatements(runner, ['DELETE FROM role_permissions', 'DELETE FROM permissions']);
  }
}

onEachDatabase('the permission that became many (U-13)', (engine) => {
  let database: Database;
  beforeAll(async () => {
    const { migrations = [], entities = [] } = userService.tables ?? {};
    const older = migrations.filter((migration) => migration !== NamedPermissions1700000001800);
    const all = [...older, OlderPolicy1700000001799, NamedPermissions1700000001800];
    database = await Database.open({ ...engine.place, service: 'user', entities: [...entities], migrations: all });
    await database.migrate();
  });
  afterAll(() => database.close());

  it('leaves everybody who had it with all of it, and nobody else with any', async () => {
    const policy = await database.transaction((tx) => readRolePermissions(tx));
    const others = ['delivery.read', 'invite_code.manage', 'trial.reset', 'console_account.manage'];
    const divided = permissionNames.filter((name) => !others.includes(name) && !/^(?:audit|role)\./.test(name));
    expect(policy.vip).toEqual([...divided].sort());
    expect(policy.admin).toEqual([...divided, 'audit.read'].sort());
    expect(policy.operator).toEqual(['user.read']);
    expect(policy.member).toEqual([]);
    const names = await database.reader.query<{ name: string }>('SELECT name FROM permissions ORDER BY name');
    expect(names.map(({ name }) => name)).toEqual([...divided, 'audit.read'].sort());
  });
});
