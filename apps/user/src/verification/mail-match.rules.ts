/** What a row says; that a waiting code is over is a fact of the clock besides. */
export type StoredVerificationStatus = 'pending' | 'bound' | 'refused' | 'expired' | 'replaced';

/** One code issued for an address, as far as matching needs it. */
export interface IssuedCode {
  readonly id: string;
  readonly status: StoredVerificationStatus;
  readonly expiresAt: Date;
  /** The mail holds its code. */
  readonly hit: boolean;
}

/**
 * What a proven mail means for the codes issued for its sender's address:
 * `bind` its waiting code; `late` a code that is over; `used` a code that has had its effect; `wrong` none of the waiting
 * ones; `none` nobody waits for this address.
 */
export type MailMatch<Code extends IssuedCode> =
  | { kind: 'bind'; code: Code }
  | { kind: 'late'; code: Code; reason: 'expired' | 'replaced' }
  | { kind: 'wrong'; code: Code }
  | { kind: 'used' | 'none' };

/** Whether a code can still be mailed. */
export function isWaiting(code: Pick<IssuedCode, 'status' | 'expiresAt'>, now: Date): boolean {
  return code.status === 'pending' && code.expiresAt > now;
}

/** Decides for the codes of one address, the newest first. */
export function matchMail<Code extends IssuedCode>(codes: readonly Code[], now: Date): MailMatch<Code> {
  const waiting = codes.filter((code) => isWaiting(code, now));
  const [hit, ...more] = waiting.filter((code) => code.hit);
  const [newest] = waiting;
  if (hit && more.length === 0) return { kind: 'bind', code: hit };
  // Two members were given the same code for the same address: nobody can tell whose it is.
  if (hit && newest) return { kind: 'wrong', code: newest };
  const past = codes.find((code) => code.hit);
  if (past?.status === 'bound') return { kind: 'used' };
  if (past) return { kind: 'late', code: past, reason: past.expiresAt > now ? 'replaced' : 'expired' };
  return newest ? { kind: 'wrong', code: newest } : { kind: 'none' };
}

/** Whom a mail that is not believed is about, if anybody: the owner of the code in it, else who waits last. */
export function addresseeOf<Code extends IssuedCode>(codes: readonly Code[], now: Date): Code | null {
  const waiting = codes.filter((code) => isWaiting(code, now));
  return waiting.find((code) => code.hit) ?? waiting[0] ?? null;
}
