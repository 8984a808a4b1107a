import { AppError, type Call, type PermissionName } from '#contracts';

/** The member who asks. @throws AppError auth.unauthenticated when it is nobody. */
export function requireUser(call: Call): number {
  if (call.actor.kind !== 'user') throw new AppError('auth.unauthenticated');
  return call.actor.user_id;
}

/** Whether who asks has a permission (U-13); the system itself has all. */
function hasPermission({ actor }: Call, permission: PermissionName): boolean {
  if (actor.kind === 'system') return true;
  return actor.kind === 'user' && (actor.permissions?.includes(permission) ?? false);
}

/** @throws AppError auth.forbidden for whoever lacks the permission. */
export function requirePermission(call: Call, permission: PermissionName): void {
  if (!hasPermission(call, permission)) throw new AppError('auth.forbidden');
}

/**
 * In the bot Telegram says who writes, and a feature asks by a button before it does what is dangerous.
 * @throws AppError auth.step_up_required unless the member has confirmed freshly that it is them; the system needs not.
 */
export function requireStepUp({ actor, channel }: Call): void {
  if (actor.kind === 'system' || channel === 'bot' || (actor.kind === 'user' && actor.stepped_up === true)) return;
  throw new AppError('auth.step_up_required');
}
