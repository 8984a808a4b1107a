import { AppError, type Call, type Role } from '#contracts';

/** The member who asks. @throws AppError auth.unauthenticated when it is nobody. */
export function requireUser(call: Call): number {
  if (call.actor.kind !== 'user') throw new AppError('auth.unauthenticated');
  return call.actor.user_id;
}

const adminRoles: readonly Role[] = ['admin', 'super_admin'];

/** Lets admins and the system itself pass. @throws AppError auth.forbidden for everyone else. */
export function requireAdmin(call: Call): void {
  if (call.actor.kind === 'system') return;
  if (call.actor.kind !== 'user' || !adminRoles.includes(call.actor.role)) throw new AppError('auth.forbidden');
}
