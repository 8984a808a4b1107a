/** What the bot must be able to do in a group: let people in and remove them (U-12, E-04). */
const rightsNeeded = ['can_invite_users', 'can_restrict_members'] as const;

/** Without this place none of the rights exist, and nobody tells who comes and goes. */
const administratorNeeded = 'administrator';

/** The names of what the bot lacks in a group; nothing where it is not in the group (any more). */
export function missingRights(status: string, rights: readonly string[]): string[] {
  if (status === 'left' || status === 'kicked') return [];
  if (status === 'creator') return [];
  if (status !== 'administrator') return [administratorNeeded, ...rightsNeeded];
  return rightsNeeded.filter((right) => !rights.includes(right));
}
