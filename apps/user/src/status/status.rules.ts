import type { ErrorName, Role, UserStatus } from '#contracts';

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

/** Why this account cannot be banned by this actor, or null (U-01): never oneself, nor a super admin; an admin only by one. */
export function banRefusal(actor: BanActor, target: BanTarget): ErrorName | null {
  if (target.status === 'banned') return 'user.already_banned';
  if (target.role === 'super_admin' || target.userId === actor.userId) return 'user.cannot_be_banned';
  if (target.role === 'admin' && actor.role !== 'super_admin' && actor.userId !== null) return 'user.cannot_be_banned';
  return null;
}

/** What an account is when its ban is lifted: a deletion that was asked for is not forgotten by it. */
export function statusAfterBan(deletionIsPending: boolean): UserStatus {
  return deletionIsPending ? 'deletion_pending' : 'active';
}
