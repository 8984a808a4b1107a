export interface InviteCode {
  readonly id: number;
  readonly kind: 'system_trial';
  readonly days: number;
  readonly maxUses: number | null;
  readonly uses: number;
  readonly validFrom: Date | null;
  readonly validUntil: Date | null;
  readonly enabled: boolean;
}

export type InviteCodeProblem = 'invite_code.not_valid_now' | 'invite_code.used_up';

/** Codes are told and typed by people: case and surrounding blanks do not count. */
export function normaliseCode(typed: string): string {
  return typed.trim().toUpperCase();
}

/** Why a code cannot be used now, or null when it can (U-05: window, on/off, max uses). */
export function problemOf(code: InviteCode, now: Date): InviteCodeProblem | null {
  const time = now.getTime();
  const tooEarly = code.validFrom !== null && time < code.validFrom.getTime();
  const tooLate = code.validUntil !== null && time >= code.validUntil.getTime();
  if (!code.enabled || tooEarly || tooLate) return 'invite_code.not_valid_now';
  if (code.maxUses !== null && code.uses >= code.maxUses) return 'invite_code.used_up';
  return null;
}
