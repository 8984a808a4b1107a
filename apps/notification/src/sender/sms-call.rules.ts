import type { SendOutcome } from '../deliveries/delivery.rules.js';
import type { OutgoingSms, SmsFailure } from './sms-transport.types.js';

const accountPauseMs = 5 * 60_000;
const pauseAtMostMs = 5 * 60_000;
const takenLater = new Set([408, 425]);
const accountRefused = new Set([401, 402, 403]);

/**
 * A silent network and 5xx are tried again; "too many" and a refused account are nobody's message and cost no attempt; any other
 * answer is the message's end.
 */
export function classifySmsFailure({ status, retryAfterSeconds, message }: SmsFailure, now: Date): SendOutcome {
  const reason = status === null ? `sms: ${message}` : `sms ${status}: ${message}`;
  const deferred = (pauseMs: number): SendOutcome => ({
    kind: 'deferred',
    until: new Date(now.getTime() + pauseMs),
    reason,
  });
  if (status === null || status >= 500 || takenLater.has(status)) return { kind: 'failed', reason };
  if (status === 429) return deferred(Math.min((retryAfterSeconds ?? 1) * 1_000, pauseAtMostMs));
  if (accountRefused.has(status)) return deferred(accountPauseMs);
  return { kind: 'refused', reason };
}

/** How a value is written where it is put: so that no text can leave the place its template gives it. */
export type Escaping = 'json' | 'form' | 'plain';

export function escapingOf(contentType: string | undefined): Escaping {
  if (contentType?.includes('json')) return 'json';
  return contentType?.includes('x-www-form-urlencoded') ? 'form' : 'plain';
}

/** Puts the message into a template of the operator. */
export function fillTemplate(template: string, { id, to, text, code }: OutgoingSms, escaping: Escaping): string {
  const values: Record<string, string> = { id, phone: to, text, code };
  return template.replace(/\{\{(id|phone|text|code)\}\}/g, (_, name: string) => {
    const value = values[name] ?? '';
    if (escaping === 'json') return JSON.stringify(value).slice(1, -1);
    return escaping === 'form' ? encodeURIComponent(value) : value;
  });
}
