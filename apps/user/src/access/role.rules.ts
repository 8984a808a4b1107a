import { roles, type ErrorName, type PermissionName, type Role } from '#contracts';

/** Ranks in steps of ten, as the table `roles` holds them. */
export function rankOf(role: Role): number {
  return roles.indexOf(role) * 10;
}

/** A super_admin stands above everybody, other super_admins included; everyone else above lower ranks only. */
export function standsAbove(actor: Role, other: Role): boolean {
  return actor === 'super_admin' || rankOf(actor) > rankOf(other);
}

export interface RoleChange {
  readonly actor: Role;
  readonly before: Role;
  readonly wanted: Role;
  /** The configuration names this member super_admin. */
  readonly isConfigured: boolean;
  /** Active super_admins besides the member. */
  readonly otherSuperAdmins: number;
}

/** Why a member's role may not be changed so, or null (U-13): nobody gives what they do not stand above, and one super_admin stays. */
export function judgeRoleChange(change: RoleChange): ErrorName | null {
  const { actor, before, wanted, isConfigured, otherSuperAdmins } = change;
  if (!standsAbove(actor, before) || !standsAbove(actor, wanted)) return 'role.above_own';
  if (before !== 'super_admin' || wanted === 'super_admin') return null;
  if (isConfigured) return 'role.fixed_by_configuration';
  return otherSuperAdmins === 0 ? 'role.last_super_admin' : null;
}

export interface PermissionsChange {
  readonly actor: Role;
  /** What the actor may do: nobody hands out more. */
  readonly actorHas: readonly string[];
  readonly role: Role;
  readonly added: readonly PermissionName[];
}

/** Why a role's permissions may not be changed so, or null. */
export function judgePermissionsChange({ actor, actorHas, role, added }: PermissionsChange): ErrorName | null {
  if (role === 'super_admin') return 'role.always_complete';
  if (!standsAbove(actor, role)) return 'role.above_own';
  return actor === 'super_admin' || added.every((name) => actorHas.includes(name)) ? null : 'role.above_own';
}
