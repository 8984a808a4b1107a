/** The words for which there is a sentence that says why and what to do. */
const explained = [
  'unauthenticated',
  'forged_from',
  'several_from',
  'stale',
  'unsigned_length',
  'no_code',
  'wrong_code',
  'too_large',
  'broken',
  'address_taken',
  'address_blocked',
  'locked_out',
  'expired',
  'replaced',
] as const;

type RefusalKey = `notifications.email_refused.${(typeof explained)[number] | 'unexplained'}`;

/** The sentence for a refused mail; a word that is not known (yet) gets the general one. */
export function refusalKeyOf(reason: string): RefusalKey {
  const word = explained.find((known) => known === reason);
  return `notifications.email_refused.${word ?? 'unexplained'}`;
}
