import { z } from 'zod';
import { defineCallback } from '../callback.data.js';
import type { MenuEntry, MenuState } from '../menu.types.js';

/** Whose role has the permission that the services ask for (U-13). For everybody else the admin menu does not exist. */
export function isAdmin({ permissions }: Pick<MenuState, 'permissions'>): boolean {
  return permissions.includes('administration');
}

const userId = z.coerce.number().int().positive().max(Number.MAX_SAFE_INTEGER);
/** What an admin is about to do is kept until the confirmation, under the number of the update that began it. */
const draft = z.string().regex(/^[0-9]{1,16}$/);

export const adminFindEntry: MenuEntry = {
  section: 'admin',
  order: 10,
  label: 'bot_admin.buttons.find',
  press: defineCallback('a_find'),
  command: { name: 'admin', description: 'bot.commands.admin', scopes: ['admin'] },
  isShown: isAdmin,
};

export const adminPendingEntry: MenuEntry = {
  section: 'admin',
  order: 20,
  label: 'bot_admin.buttons.pending',
  press: defineCallback('a_pending'),
  isShown: isAdmin,
};

export const adminStatisticsEntry: MenuEntry = {
  section: 'admin',
  order: 30,
  label: 'bot_admin.buttons.statistics',
  press: defineCallback('a_statistics'),
  isShown: isAdmin,
};

export const cardPress = defineCallback('a_card', z.object({ id: userId }));
export const historyPress = defineCallback('a_history', z.object({ id: userId }));

export const grantPress = defineCallback('a_grant', z.object({ id: userId }));
export const grantPlanPress = defineCallback(
  'a_plan',
  z.object({ id: userId, plan: z.string().regex(/^[a-z0-9_]{1,24}$/) }),
);
export const grantDaysPress = defineCallback('a_days', z.object({ id: userId }));
export const grantConfirmPress = defineCallback('a_grant_ok', z.object({ draft }));

export const adjustPress = defineCallback('a_points', z.object({ id: userId }));
export const adjustConfirmPress = defineCallback('a_points_ok', z.object({ draft }));
const adjustmentId = z.coerce.number().int().positive();
export const approvePress = defineCallback('a_approve', z.object({ id: adjustmentId }));
export const rejectPress = defineCallback('a_reject', z.object({ id: adjustmentId }));

export const banActions = ['ban', 'unban'] as const;
export const banPress = defineCallback('a_ban', z.object({ id: userId, action: z.enum(banActions) }));
export const banConfirmPress = defineCallback('a_ban_ok', z.object({ draft }));
