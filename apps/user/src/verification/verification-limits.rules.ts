import { domainOf } from './email-address.rules.js';
import { refusalReasons } from './mail-verdict.rules.js';

/** A code is valid for 10 minutes (U-08). */
export const codeLifeMs = 600_000;
/** The undo link of the reply mail is valid for 24 hours (U-07). */
export const undoLifeMs = 86_400_000;
/** Codes and wrong tries are counted over the last hour. */
export const countedMs = 3_600_000;
export const codesPerWindow = 5;

/**
 * Wrong codes within the last hour that lock a scope out. A member's figure is U-08's; a sender may answer for two members,
 * a domain may be a provider of many. Only tries against a waiting code count, so spam cannot lock anybody out.
 */
export const wrongTriesPerWindow = { user: 5, sender: 10, domain: 200, global: 2_000 } as const;

export interface TryScope {
  /** What is stored. */
  readonly name: string;
  readonly limit: number;
}

/** The scopes that a wrong code of this sender against a code of this member counts under. */
export function tryScopes(userId: number, canonical: string): TryScope[] {
  return [
    { name: `user:${userId}`, limit: wrongTriesPerWindow.user },
    { name: `sender:${canonical}`, limit: wrongTriesPerWindow.sender },
    { name: `domain:${domainOf(canonical)}`.slice(0, 200), limit: wrongTriesPerWindow.domain },
    { name: 'global', limit: wrongTriesPerWindow.global },
  ];
}

/**
 * The scopes of a code that we mailed and the member types (U-09). Whoever types needs no mailbox, so address, domain and all
 * are counted apart: guessing here must not lock out those who mail their code. A member's tries are counted together.
 */
export function typedTryScopes(userId: number, canonical: string): [TryScope, ...TryScope[]] {
  return [
    { name: `user:${userId}`, limit: wrongTriesPerWindow.user },
    { name: `typed:${canonical}`, limit: wrongTriesPerWindow.sender },
    { name: `typed-domain:${domainOf(canonical)}`.slice(0, 200), limit: wrongTriesPerWindow.domain },
    { name: 'typed-global', limit: wrongTriesPerWindow.global },
  ];
}

/** Whole seconds, at least one, until something that happened at `at` has left the window. */
export function secondsUntilForgotten(at: Date, now: Date): number {
  return Math.max(1, Math.ceil((at.getTime() + countedMs - now.getTime()) / 1000));
}

/**
 * Every word that can stand in `refusal` and in the event `EmailVerificationRefused`. Each that is told has a sentence in the
 * locales; mails that answer by themselves or come from lists are passed over, and `undone` has a message of its own.
 */
export const verificationRefusals = [
  ...refusalReasons,
  'wrong_code',
  'locked_out',
  'expired',
  'replaced',
  'address_taken',
  'address_blocked',
  'undone',
] as const;
export type VerificationRefusal = (typeof verificationRefusals)[number];

/** Everything that can become of a mail or a wish: the label of `coser_email_verifications_total`. */
export const verificationOutcomes = [
  'started',
  'bound',
  'refused',
  'wrong_code',
  'late_code',
  'locked_out',
  'address_taken',
  'address_blocked',
  'replay',
  'discarded',
  'undone',
] as const;
export type VerificationOutcome = (typeof verificationOutcomes)[number];
