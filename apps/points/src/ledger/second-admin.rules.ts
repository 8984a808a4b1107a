import { AppError, type Call } from '#contracts';

/** Nobody serves themselves (P-09): another admin decides. @throws AppError adjustment.second_admin_required. */
export function refuseOwn({ actor }: Pick<Call, 'actor'>, userId: number): void {
  if (actor.kind === 'user' && actor.user_id === userId) throw new AppError('adjustment.second_admin_required');
}
