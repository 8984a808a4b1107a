import type { ErrorName, Role, UserStatus } from '#contracts';
import { standsAbove } from '../access/role.rules.js';

export interface BanTarget {
  readonly userId: number;
  readonly role: Role;
  readonly status: UserStatus;
}

export interface BanActor {
  /** Null for the platform itself. */
  readonly userId: number | null;
  readonly role: Role | null;
}

/** Why this account cannot be banned by this actor, or null (U-01): never oneself, nor a super admin; others from above only. */
export function banRefusal(actor: BanActor, target: BanTarget): ErrorName | null {
  if (target.status === 'banned') return 'user.already_banned';
  if (target.role === 'super_admin' || target.userId === actor.userId) return 'user.cannot_be_banned';
  return standsOver(actor, target) ? null : 'user.cannot_be_banned';
}

/** Why this actor cannot lift the ban of this account, or null (U-01): what was banned from above is freed from above. */
export function unbanRefusal(actor: BanActor, target: BanTarget): ErrorName | null {
  if (target.status !== 'banned') return 'user.not_banned';
  return target.userId !== actor.userId && standsOver(actor, target) ? null : 'role.above_own';
}

/** The platform itself stands over everybody. */
function standsOver(actor: BanActor, target: BanTarget): boolean {
  return actor.role === null || standsAbove(actor.role, target.role);
}

/** What an account is when its ban is lifted: a deletion that was asked for is not forgotten by it. */
export function statusAfterBan(deletionIsPending: boolean): UserStatus {
  return deletionIsPending ? 'deletion_pending' : 'active';
}
