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
  'audit.read': { summary: 'Search the audit log', roles: admins },
  'delivery.read': { summary: 'See what was sent to whom', roles: staff },
  'invite_code.manage': { summary: 'Make and change the system’s invite codes', roles: admins },
  'trial.reset': { summary: 'Give a member a second trial', roles: admins },
  'user.read': { summary: 'Find members and see their profiles', roles: staff },
  'user.ban': { summary: 'Ban members and lift bans', roles: admins },
  'membership.grant': { summary: 'Give memberships', roles: admins },
  'tag.read': { summary: 'See tags and who has them', roles: admins },
  'tag.manage': { summary: 'Make and remove tags, give them to members and take them', roles: admins },
  'email_blacklist.read': { summary: 'See which mail addresses are refused, and check one', roles: admins },
  'email_blacklist.manage': { summary: 'Refuse mail addresses, and allow them again', roles: admins },
  'group.read': { summary: 'See the groups, who is in them, and what the bot lacks there', roles: admins },
  'group.import': { summary: 'Bring members of a group into its roster', roles: admins },
  'referral.read': { summary: 'See whom a member has brought', roles: admins },
  'statistics.read': { summary: 'See how the community does', roles: admins },
  'ledger.read': { summary: 'See points, holds and their proofs', roles: admins },
  'ledger.reverse': { summary: 'Reverse a record of points', roles: admins },
  'hold.manage': { summary: 'Freeze points, release them or take them', roles: admins },
  'adjustment.read': { summary: 'See adjustments of points', roles: admins },
  'adjustment.request': { summary: 'Give or take points; large amounts wait for somebody else', roles: admins },
  'adjustment.decide': { summary: 'Approve or reject adjustments that wait', roles: admins },
  'velocity.read': { summary: 'See the rules for suspicious points and their alarms', roles: admins },
  'velocity.define': { summary: 'Make and change rules for suspicious points', roles: admins },
  'velocity.decide': { summary: 'Take and close alarms of suspicious points', roles: admins },
  'amnesty.read': { summary: 'See the days that were forgiven', roles: admins },
  'amnesty.declare': { summary: 'Forgive days without a check-in, and undo that', roles: admins },
  'makeup_card.grant': { summary: 'Give cards for missed check-ins', roles: admins },
  'leaderboard.rebuild': { summary: 'Let the leaderboards be made anew', roles: admins },
  'exchange.read': { summary: 'See everything in the shop, hidden items included', roles: admins },
  'exchange.manage': { summary: 'Put items into the shop, change and remove them', roles: admins },
  'order.read': { summary: 'See the shop’s orders', roles: admins },
  'order.move': { summary: 'Move the shop’s orders on', roles: admins },
  'rule.read': { summary: 'See the rules that give points, try them out, and see why they gave what', roles: admins },
  'rule.manage': { summary: 'Make, change and switch single rules that give points', roles: admins },
  'rule.switch_all': { summary: 'Switch all rules that give points off and on', roles: admins },
  'business_event.report': { summary: 'Report what happened elsewhere, for rules to give points', roles: admins },
  'activity.read': { summary: 'See all activities and who takes part', roles: admins },
  'activity.manage': { summary: 'Make activities, change, open and close them', roles: admins },
  'participation.decide': { summary: 'Decide who has taken part in an activity', roles: admins },
  'content.read': { summary: 'See what members have submitted', roles: admins },
  'content.decide': { summary: 'Accept or refuse what members have submitted', roles: admins },
  'broadcast.read': { summary: 'See broadcasts and how far they are', roles: admins },
  'broadcast.write': { summary: 'Write broadcasts and send oneself a test', roles: admins },
  'broadcast.send': { summary: 'Start broadcasts, pause and stop them', roles: admins },
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
