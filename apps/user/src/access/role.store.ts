import { permissionNames, roles, type PermissionName, type Role } from '#contracts';
import type { Reader, Tx } from '#database';

/** The permissions of every role, names of other versions of the platform included. A super_admin has all. */
export async function readRolePermissions(reader: Reader): Promise<Record<Role, string[]>> {
  const rows = await reader.query<{ role: Role; permission: string }>(
    'SELECT role, permission FROM role_permissions ORDER BY permission',
  );
  const found = Object.fromEntries(roles.map((role) => [role, [] as string[]])) as Record<Role, string[]>;
  for (const { role, permission } of rows) found[role]?.push(permission);
  found.super_admin = [...new Set([...permissionNames, ...found.super_admin])];
  return found;
}

/** Those that this version knows. */
export function knownPermissions(names: readonly string[]): PermissionName[] {
  return permissionNames.filter((name) => names.includes(name));
}

/** Whoever changes who may do what holds this row first, so that such changes come one after the other. */
export async function lockRole(tx: Tx, role: Role): Promise<void> {
  await tx.one(`SELECT name FROM roles WHERE name = ?${tx.lock}`, [role]);
}
