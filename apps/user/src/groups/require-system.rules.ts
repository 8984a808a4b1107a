import { AppError, type Call } from '#contracts';

/** Lets the platform's own parts pass. @throws AppError auth.forbidden for people, whatever their role. */
export function requireSystem({ actor }: Call): void {
  if (actor.kind !== 'system') throw new AppError('auth.forbidden');
}
