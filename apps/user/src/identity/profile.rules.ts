import type { Locale, Membership, Profile, Role } from '#contracts';

/** A `users` row as the profile needs it. */
export interface UserRow {
  id: number;
  telegram_id: string;
  email: string | null;
  status: number;
  points: number;
  created_at: string;
  kind: 'person' | 'group';
  first_name: string;
  username: string | null;
  locale: Locale;
  role: Role;
  membership_kind: 'trial' | 'formal' | 'permanent' | null;
  membership_plan: string | null;
  membership_started_at: string | null;
  membership_expires_at: string | null;
}

export const userStatuses = { active: 1, banned: 2, deletion_pending: 3 } as const;

const statusNames: Record<number, Profile['status']> = { 1: 'active', 2: 'banned', 3: 'deletion_pending' };

/** The word for a row's status (U-01). */
export function statusOf({ status }: Pick<UserRow, 'status'>): Profile['status'] {
  return statusNames[status] ?? 'active';
}

function iso(time: string): string {
  return `${time.replace(' ', 'T')}Z`;
}

/** Whether a membership has ended is a fact of the clock (U-06). */
function membershipOf(row: UserRow, now: Date): Membership {
  if (row.membership_kind === null) return { state: 'none', plan: null, started_at: null, expires_at: null };
  const startedAt = row.membership_started_at === null ? null : iso(row.membership_started_at);
  const expiresAt = row.membership_expires_at === null ? null : iso(row.membership_expires_at);
  const expired = expiresAt !== null && Date.parse(expiresAt) <= now.getTime();
  return {
    state: expired ? 'expired' : row.membership_kind,
    plan: row.membership_plan,
    started_at: startedAt,
    expires_at: expiresAt,
  };
}

/** Keeps the first and last letter of the local part: enough to recognise one's own address, too little to use it. */
export function maskEmail(email: string): string {
  const at = email.lastIndexOf('@');
  const local = email.slice(0, at);
  return `${local.slice(0, 1)}***${local.length > 1 ? local.slice(-1) : ''}${email.slice(at)}`;
}

export function profileOf(row: UserRow, now: Date): Profile {
  return {
    id: row.id,
    telegram_id: row.telegram_id,
    kind: row.kind,
    first_name: row.first_name,
    username: row.username,
    status: statusOf(row),
    role: row.role,
    locale: row.locale,
    email: row.email === null ? null : maskEmail(row.email),
    points: row.points,
    membership: membershipOf(row, now),
    created_at: iso(row.created_at),
  };
}
