import { accountStandings, type AccountStanding, type UserStatus } from '#contracts';

export interface StandingChange {
  readonly userId: number;
  readonly status: string;
  /** Sorts by time as text. */
  readonly changedAt: string;
  /** Of the row that tells it: decides between changes of one millisecond. */
  readonly id: number;
}

/** Who may do what no more, in memory: changes may come twice and in any order, the latest of a member counts. */
export class StandingList {
  private readonly latest = new Map<
    number,
    { readonly status: UserStatus; readonly changedAt: string; readonly id: number }
  >();

  /** Undefined for an account that is active, as far as is known. */
  of(userId: number): AccountStanding | undefined {
    const status = this.latest.get(userId)?.status;
    return status === undefined || status === 'active' ? undefined : status;
  }

  /** Whether anything is known about the account, be it that it is active again. */
  knows(userId: number): boolean {
    return this.latest.has(userId);
  }

  /** Takes a change over; returns whether it is news. */
  learn({ userId, status, changedAt, id }: StandingChange): boolean {
    const known = this.latest.get(userId);
    const isOld = known && (known.changedAt > changedAt || (known.changedAt === changedAt && known.id >= id));
    if (isOld) return false;
    this.latest.set(userId, { status: userStatusOf(status), changedAt, id });
    return known?.status !== userStatusOf(status);
  }
}

/** A word that this version does not know is a standing it must not let pass. */
export function userStatusOf(status: string): UserStatus {
  if (status === 'active') return 'active';
  return accountStandings.find((standing) => standing === status) ?? 'banned';
}
