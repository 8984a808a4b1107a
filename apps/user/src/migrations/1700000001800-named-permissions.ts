import type { MigrationInterface, QueryRunner } from 'typeorm';
import { runStatements } from '#database';

/** What the one permission `administration` covered before each thing had its own (U-13). */
const names = [
  'activity.manage',
  'activity.read',
  'adjustment.decide',
  'adjustment.read',
  'adjustment.request',
  'amnesty.declare',
  'amnesty.read',
  'broadcast.read',
  'broadcast.send',
  'broadcast.write',
  'business_event.report',
  'content.decide',
  'content.read',
  'email_blacklist.manage',
  'email_blacklist.read',
  'exchange.manage',
  'exchange.read',
  'group.import',
  'group.read',
  'hold.manage',
  'leaderboard.rebuild',
  'ledger.read',
  'ledger.reverse',
  'makeup_card.grant',
  'membership.grant',
  'order.move',
  'order.read',
  'participation.decide',
  'referral.read',
  'rule.manage',
  'rule.read',
  'rule.switch_all',
  'statistics.read',
  'tag.manage',
  'tag.read',
  'user.ban',
  'velocity.decide',
  'velocity.define',
  'velocity.read',
] as const;

/**
 * Whoever had the old permission has all of these, whatever the defaults say, so that nobody may more or less than before. In new
 * tables there is nothing to divide: the names are written at start (`access.seeder.ts`).
 */
export class NamedPermissions1700000001800 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runStatements(
      runner,
      names.flatMap((name) => [
        `INSERT INTO role_permissions (role, permission)
         SELECT role, '${name}' FROM role_permissions WHERE permission = 'administration'`,
        `INSERT INTO permissions (name, created_at)
         SELECT '${name}', created_at FROM permissions WHERE name = 'administration'`,
      ]),
    );
    await runStatements(runner, [
      // It is older, so that some had it besides.
      `INSERT INTO role_permissions (role, permission)
       SELECT old.role, 'user.read' FROM role_permissions old
       LEFT JOIN role_permissions had ON had.role = old.role AND had.permission = 'user.read'
       WHERE old.permission = 'administration' AND had.role IS NULL`,
      "DELETE FROM role_permissions WHERE permission = 'administration'",
      "DELETE FROM permissions WHERE name = 'administration'",
    ]);
  }

  /** Who had one of them only would get all: the old permission goes to who has every one. */
  async down(runner: QueryRunner): Promise<void> {
    const listed = names.map((name) => `'${name}'`).join(', ');
    await runStatements(runner, [
      `INSERT INTO role_permissions (role, permission)
       SELECT role, 'administration' FROM role_permissions WHERE permission IN (${listed})
       GROUP BY role HAVING COUNT(*) = ${names.length}`,
      `INSERT INTO permissions (name, created_at)
       SELECT 'administration', MIN(created_at) FROM permissions WHERE name IN (${listed}) HAVING COUNT(*) > 0`,
      `DELETE FROM role_permissions WHERE permission IN (${listed})`,
      `DELETE FROM permissions WHERE name IN (${listed})`,
    ]);
  }
}
