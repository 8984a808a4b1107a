import { describe, expect, it } from 'vitest';
import type { Role } from '#contracts';
import { judgePermissionsChange, judgeRoleChange } from './role.rules.js';

const usual = { isConfigured: false, otherSuperAdmins: 1 };

describe('a change of role (U-13)', () => {
  it.each<[Role, Role, Role, string | null]>([
    ['admin', 'member', 'vip', null],
    ['admin', 'operator', 'member', null],
    ['admin', 'member', 'operator', null],
    ['admin', 'member', 'admin', 'role.above_own'],
    ['admin', 'admin', 'member', 'role.above_own'],
    ['admin', 'super_admin', 'member', 'role.above_own'],
    ['operator', 'member', 'vip', null],
    ['operator', 'vip', 'operator', 'role.above_own'],
    ['member', 'member', 'vip', 'role.above_own'],
    ['super_admin', 'member', 'super_admin', null],
    ['super_admin', 'admin', 'member', null],
    ['super_admin', 'super_admin', 'admin', null],
  ])('by %s from %s to %s: %s', (actor, before, wanted, refusal) => {
    expect(judgeRoleChange({ ...usual, actor, before, wanted })).toBe(refusal);
  });

  it('leaves one super_admin, and the one the configuration names', () => {
    const down = { actor: 'super_admin', before: 'super_admin', wanted: 'member' } as const;
    expect(judgeRoleChange({ ...down, isConfigured: false, otherSuperAdmins: 0 })).toBe('role.last_super_admin');
    expect(judgeRoleChange({ ...down, isConfigured: true, otherSuperAdmins: 1 })).toBe('role.fixed_by_configuration');
    expect(judgeRoleChange({ ...down, wanted: 'super_admin', isConfigured: true, otherSuperAdmins: 0 })).toBeNull();
  });
});

describe('a change of what a role may do (U-13)', () => {
  it.each<[Role, Role, string | null]>([
    ['super_admin', 'admin', null],
    ['super_admin', 'super_admin', 'role.always_complete'],
    ['admin', 'operator', null],
    ['admin', 'admin', 'role.above_own'],
    ['operator', 'admin', 'role.above_own'],
  ])('by %s for %s: %s', (actor, role, refusal) => {
    expect(judgePermissionsChange({ actor, actorHas: ['audit.read'], role, added: ['audit.read'] })).toBe(refusal);
  });

  it('hands out nothing that who changes it has not', () => {
    const change = { role: 'operator', actorHas: ['audit.read'], added: ['role.grant'] } as const;
    expect(judgePermissionsChange({ ...change, actor: 'admin' })).toBe('role.above_own');
    expect(judgePermissionsChange({ ...change, actor: 'super_admin' })).toBeNull();
  });
});
