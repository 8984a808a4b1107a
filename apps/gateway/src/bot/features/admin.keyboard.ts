import type { Role } from '#contracts';
import { defineCallback } from '../callback.data.js';
import type { MenuEntry } from '../menu.types.js';

const adminRoles: readonly Role[] = ['admin', 'super_admin'];

/** For everybody else the admin menu does not exist. */
export function isAdmin({ role }: { readonly role: Role }): boolean {
  return adminRoles.includes(role);
}

export const adminEntry: MenuEntry = {
  section: 'admin',
  order: 10,
  label: 'bot.buttons.admin',
  press: defineCallback('admin'),
  command: { name: 'admin', description: 'bot.commands.admin', scopes: ['admin'] },
  isShown: isAdmin,
};
