import { z } from 'zod';
import type { PermissionName } from '#contracts';
import { defineCallback } from '../callback.data.js';
import type { Visit } from '../member/visit.client.js';
import type { MenuEntry, MenuState } from '../menu.types.js';

/** For whose role has the permission (U-13); for everybody else the entry does not exist. */
export function mayDo(permission: PermissionName): (state: Pick<MenuState, 'permissions'>) => boolean {
  return ({ permissions }) => permissions.includes(permission);
}

/** Whether the member's role allows anything of the admin menu. */
export function hasAdminMenu({ menu, permissions }: Pick<Visit, 'menu' | 'permissions'>): boolean {
  const state = {
    permissions,
    membership: null,
    isMember: null,
    hasEmail: null,
    hasCheckedIn: null,
    hasMiniApp: false,
  };
  return menu.shown('admin', state).length > 0;
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
  isShown: mayDo('user.read'),
};

export const adminPendingEntry: MenuEntry = {
  section: 'admin',
  order: 20,
  label: 'bot_admin.buttons.pending',
  press: defineCallback('a_pending'),
  isShown: mayDo('adjustment.read'),
};

export const adminStatisticsEntry: MenuEntry = {
  section: 'admin',
  order: 30,
  label: 'bot_admin.buttons.statistics',
  press: defineCallback('a_statistics'),
  isShown: mayDo('statistics.read'),
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
export type BanAction = (typeof banActions)[number];
export const banPress = defineCallback('a_ban', z.object({ id: userId, action: z.enum(banActions) }));
export const banConfirmPress = defineCallback('a_ban_ok', z.object({ draft }));
