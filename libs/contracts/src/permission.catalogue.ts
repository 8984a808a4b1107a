import { z } from 'zod';
import type { Role } from './call.js';

interface PermissionEntry {
  readonly summary: string;
  /** Who has it when it is new; from then on the tables of the service `user` say who has it. A super_admin has all. */
  readonly roles: readonly Role[];
}

const staff: readonly Role[] = ['operator', 'admin'];
const admins: readonly Role[] = ['admin'];
const nobodyElse: readonly Role[] = [];

/**
 * Every permission an endpoint or a handler can ask for (U-13). The names are code, because code asks for them; who has them is
 * data: a name that is new gets into the tables at start, with the roles given here, and a super_admin changes them from there.
 */
export const permissionCatalogue = {
  administration: { summary: 'Use everything for admins that has no permission of its own', roles: admins },
  'audit.read': { summary: 'Search the audit log', roles: admins },
  'delivery.read': { summary: 'See what was sent to whom', roles: staff },
  'invite_code.manage': { summary: 'Make and change the system’s invite codes', roles: admins },
  'trial.reset': { summary: 'Give a member a second trial', roles: admins },
  'user.read': { summary: 'Find members and see their profiles', roles: staff },
  'role.read': { summary: 'See the roles, their permissions and who has them', roles: admins },
  'role.grant': { summary: 'Give and take roles below one’s own', roles: admins },
  'role.define': { summary: 'Change the permissions of roles below one’s own', roles: nobodyElse },
  'console_account.manage': { summary: 'Make, unlock and close accounts of the admin console', roles: nobodyElse },
} as const satisfies Record<string, PermissionEntry>;

export type PermissionName = keyof typeof permissionCatalogue;
export const permissionNames = Object.keys(permissionCatalogue) as PermissionName[];
export const permissionNameSchema = z.enum(permissionNames);

/** What a role may do where nobody has changed it. */
export function defaultPermissionsOf(role: Role): PermissionName[] {
  if (role === 'super_admin') return [...permissionNames];
  return permissionNames.filter((name) => (permissionCatalogue[name].roles as readonly Role[]).includes(role));
}
