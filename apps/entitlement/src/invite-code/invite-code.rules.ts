import { trialPlan, type Grant } from '../membership/membership.rules.js';

export interface InviteCode {
  readonly id: number;
  readonly code: string;
  readonly kind: 'system_trial' | 'system_formal' | 'member';
  readonly plan: string;
  /** Null has no end. */
  readonly days: number | null;
  readonly maxUses: number | null;
  readonly uses: number;
  readonly validFrom: Date | null;
  readonly validUntil: Date | null;
  readonly enabled: boolean;
  /** Whose code it is, for a member's code. */
  readonly ownerUserId: number | null;
}

export type InviteCodeProblem = 'invite_code.not_valid_now' | 'invite_code.used_up' | 'invite_code.already_used';

/** Eight characters of an alphabet without look-alikes (U-05): no 0/O, 1/I/L. */
export const codeAlphabet = '23456789ABCDEFGHJKMNPQRSTUVWXYZ';
export const codeLength = 8;
/** A member's code is single use, and only so many may lie about unused. */
export const unusedMemberCodesAtMost = 5;

/** Codes are told and typed by people: case, full width and surrounding blanks do not count. */
export function normaliseCode(typed: string): string {
  return typed.normalize('NFKC').trim().toUpperCase();
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

/** What using the code gives. */
export function grantOf({ kind, plan, days }: InviteCode): Grant {
  if (kind === 'system_trial') return { kind: 'trial', plan: trialPlan, days, newMembersOnly: false };
  return { kind: 'formal', plan, days, newMembersOnly: kind === 'member' };
}
