import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  ChangeRolePermissions,
  ChangeUserRole,
  GetAccessPolicy,
  ListRoles,
  ListStaff,
  permissionNames,
  RolePermissionsChanged,
  UserRoleChanged,
  type Role,
} from '#contracts';
import { eventually } from '#testing';
import { onEachDatabase } from '#testing/engines';
import { refusalOf } from '#testing/refusal.name';
import { memberCall, ServiceHost } from '#testing/service.host';
import { personOf, startUserHost, visitor } from '../user-host.fixture.js';

const reason = 'wanted by the test';

onEachDatabase('roles and permissions', (engine) => {
  let host: ServiceHost;
  let owner: number;
  beforeAll(async () => {
    host = await startUserHost(engine, {
      TELEGRAM_ADMIN_ID: '900',
    });
    owner = await personOf(host, '900');
  });
  afterAll(() => host.stop());

  const freshly = { stepped_up: true };
  const change = (by: number, byRole: Role, userId: number, role: Role) =>
    host.client.command(ChangeUserRole, { user_id: userId, role, reason }, memberCall(by, byRole, freshly));

  it('U-13: ships the permissions of each role as data, and a super_admin has all', async () => {
    const { roles, permissions } = await host.client.query(ListRoles, {}, memberCall(owner, 'super_admin'));
    expect(roles.map(({ role }) => role)).toEqual(['member', 'vip', 'operator', 'admin', 'super_admin']);
    expect(roles.at(-1)?.permissions).toEqual(permissionNames);
    expect(roles[0]?.permissions).toEqual([]);
    expect(permissions.map(({ name }) => name)).toEqual(permissionNames);
    expect(await refusalOf(host.client.query(ListRoles, {}, memberCall(owner, 'member')))).toBe('auth.forbidden');
  });

  it('U-13: gives and takes roles below one’s own, audited, and tells the edge at once', async () => {
    const anna = await personOf(host, '101');
    const boss = await personOf(host, '102', 'admin');
    expect(await change(boss, 'admin', anna, 'operator')).toEqual({
      user_id: anna,
      role: 'operator',
      role_before: 'member',
    });
    const policy = await host.client.query(GetAccessPolicy, {}, visitor);
    expect(policy.changed_roles).toContainEqual(expect.objectContaining({ user_id: anna, role: 'operator' }));
    await eventually(() => {
      const told = { user_id: anna, role_before: 'member', role: 'operator', reason };
      expect(host.payloadsOf(UserRoleChanged)).toContainEqual(told);
      expect(host.events.find(({ name }) => name === UserRoleChanged.name)?.change).toMatchObject({
        before: { role: 'member' },
        after: { role: 'operator' },
      });
    });
    const { items } = await host.client.query(ListStaff, { role: 'operator' }, memberCall(boss, 'admin'));
    expect(items).toContainEqual(expect.objectContaining({ user_id: anna, role: 'operator' }));
    expect(await refusalOf(change(boss, 'admin', anna, 'admin'))).toBe('role.above_own');
    expect(await refusalOf(change(boss, 'admin', boss, 'member'))).toBe('role.above_own');
    expect(await refusalOf(change(boss, 'admin', 999_999, 'vip'))).toBe('user.not_found');
    expect(await refusalOf(change(anna, 'member', boss, 'member'))).toBe('auth.forbidden');
    await change(owner, 'super_admin', boss, 'member');
    // The token may still say admin; the table does not.
    expect(await refusalOf(change(boss, 'admin', anna, 'member'))).toBe('role.above_own');
  });

  it('U-13: the last super_admin cannot be removed, however many try at once', async () => {
    const pair = [await personOf(host, '201', 'super_admin'), await personOf(host, '202', 'super_admin')] as const;
    expect(await refusalOf(change(pair[0], 'super_admin', owner, 'member'))).toBe('role.fixed_by_configuration');
    await host.database.transaction((tx) => tx.execute(`UPDATE users SET role = 'member' WHERE id = ?`, [owner]));
    const attempts = Array.from({ length: 20 }, (_, index) =>
      refusalOf(change(pair[index % 2] ?? 0, 'super_admin', pair[(index + 1) % 2] ?? 0, 'member')),
    );
    const outcomes = await Promise.all(attempts);
    expect(outcomes).toContain('none');
    const { total } = await host.client.query(ListStaff, { role: 'super_admin' }, memberCall(owner, 'super_admin'));
    expect(total).toBe(1);
    await host.database.transaction((tx) => tx.execute(`UPDATE users SET role = 'super_admin' WHERE id = ?`, [owner]));
  });

  it('U-13: a super_admin changes what a role may do; nobody hands out more than they have', async () => {
    const set = (role: Role, permissions: string[], by = owner, byRole: Role = 'super_admin') =>
      host.client.command(
        ChangeRolePermissions,
        { role, permissions: permissions as never },
        memberCall(by, byRole, freshly),
      );
    expect((await set('operator', ['user.read', 'role.define'])).permissions).toEqual(['user.read', 'role.define']);
    const policy = await host.client.query(GetAccessPolicy, {}, visitor);
    expect(policy.permissions.operator).toEqual(['role.define', 'user.read']);
    await eventually(() => {
      const told = { role: 'operator', added: ['role.define'], removed: ['delivery.read'] };
      expect(host.payloadsOf(RolePermissionsChanged)).toContainEqual(told);
    });
    expect(await refusalOf(set('super_admin', []))).toBe('role.always_complete');
    expect(await refusalOf(set('vip', ['no.such'] as string[]))).toBe('request.invalid');
    const operator = await personOf(host, '301', 'operator');
    const asOperator = (role: Role, permissions: string[]) =>
      refusalOf(
        host.client.command(
          ChangeRolePermissions,
          { role, permissions: permissions as never },
          {
            ...visitor,
            actor: { kind: 'user', user_id: operator, role: 'operator', permissions: ['role.define'], ...freshly },
          },
        ),
      );
    expect(await asOperator('vip', ['user.read'])).toBe('none');
    expect(await asOperator('vip', ['audit.read'])).toBe('role.above_own');
    expect(await asOperator('operator', ['user.read'])).toBe('role.above_own');
  });

  it('U-13: what was changed survives the next start', async () => {
    const before = (await host.client.query(GetAccessPolicy, {}, visitor)).permissions;
    await host.stop();
    host = await startUserHost(engine, {
      // A member from before is named by the configuration now.
      TELEGRAM_ADMIN_ID: '101',
    });
    expect((await host.client.query(GetAccessPolicy, {}, visitor)).permissions).toEqual(before);
    const { items } = await host.client.query(ListStaff, { role: 'super_admin' }, memberCall(owner, 'super_admin'));
    expect(items.map(({ telegram_id }) => telegram_id)).toContain('101');
  });
});
