import type { SendOutcome } from '../deliveries/delivery.rules.js';

/** What an SMTP client knows about a mail that did not go out. */
export interface MailFailure {
  /** The server's three digits; undefined when it said nothing. */
  readonly responseCode: number | undefined;
  /** The client's own word: EAUTH, ECONNECTION, ETIMEDOUT, EENVELOPE, ... */
  readonly code: string | undefined;
  readonly message: string;
}

const accountPauseMs = 5 * 60_000;

/**
 * 5xx is the mail's end; 4xx and a silent network are tried again (N-03); a refused login is the operator's matter and costs
 * no attempt.
 */
export function classifyMailFailure(failure: MailFailure, now: Date): SendOutcome {
  const { responseCode, code, message } = failure;
  const reason = responseCode === undefined ? `smtp ${code ?? 'failed'}` : `smtp ${responseCode}: ${message}`;
  if (code === 'EAUTH') return { kind: 'deferred', until: new Date(now.getTime() + accountPauseMs), reason };
  if (responseCode !== undefined && responseCode >= 500) return { kind: 'refused', reason };
  if (responseCode === undefined && (code === 'EENVELOPE' || code === 'EMESSAGE')) return { kind: 'refused', reason };
  return { kind: 'failed', reason };
}
