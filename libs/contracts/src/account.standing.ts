import type { ErrorName } from './error.catalogue.js';

/** What an account that is not active is (U-01). `erased` is left when its data are gone: old tokens still name it. */
export const accountStandings = ['banned', 'deletion_pending', 'erased'] as const;
export type AccountStanding = (typeof accountStandings)[number];

const refusals: Record<AccountStanding, ErrorName> = {
  banned: 'user.banned',
  deletion_pending: 'user.deletion_pending',
  erased: 'auth.unauthenticated',
};

/** Why a member of this standing may not make a request that is open to `openTo`, or null when it is for them too. */
export function standingRefusal(
  standing: AccountStanding | undefined,
  openTo: readonly AccountStanding[] = [],
): ErrorName | null {
  return standing === undefined || openTo.includes(standing) ? null : refusals[standing];
}
