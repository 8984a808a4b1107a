/** Whether a membership goes on beyond an end that a reminder tells of (U-06). Without an end it is permanent. */
export function hasRenewedSince(endsAt: Date, membership: { readonly expiresAt: Date | null } | null): boolean {
  return membership !== null && (membership.expiresAt === null || membership.expiresAt > endsAt);
}
