/** What a message says of an end, whatever it is about. */
interface Said {
  readonly template: string;
  readonly expires_at?: string | null;
}

/** Whether a reminder tells of an end that is not the end any more: the member has renewed since (U-06). Without an end it is permanent. */
export function isOutdatedReminder(said: Said, membership: { readonly expiresAt: Date | null } | null): boolean {
  if (said.template !== 'membership_reminder' || !said.expires_at || membership === null) return false;
  return membership.expiresAt === null || membership.expiresAt > new Date(said.expires_at);
}
