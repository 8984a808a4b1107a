import type { MailHeader } from './raw-headers.rules.js';
import { parseResultsHeader } from './results-header.rules.js';
import type { ResultsHeader } from './results-header.rules.js';
import { domainOf } from './email-address.rules.js';

/** Why the receiving server's word says what it says; a stable word for the evidence. */
export type ReceiverReason =
  | 'dmarc_pass'
  | 'dmarc_not_passed'
  | 'dmarc_twice'
  | 'header_from_differs'
  | 'no_dmarc_dkim_pass'
  | 'no_dmarc_no_dkim'
  | 'no_results_of_receiver'
  | 'unreadable_results'
  | 'not_configured';

/** What the receiving server says about a mail. `none`: it found no DMARC record, but a DKIM signature of the domain that passes. */
export interface ReceiverVerdict {
  verdict: 'pass' | 'fail' | 'none' | 'untrusted';
  reason: ReceiverReason;
  /** The field that was believed (or disbelieved), for the evidence. */
  line: string | null;
}

/**
 * The verdict of the mailbox's own server for the domain of From (U-08). Only the first Authentication-Results field is
 * looked at that carries the configured authserv-id and stands above the first Received line of somebody else: all below
 * was in the hands of the sender. Anything unclear is `untrusted` or `fail`, never `pass`.
 *
 * @param headers fields of the mail, top to bottom
 * @param authservId name under which the receiving server writes its results, for example `mx.google.com`
 * @param fromDomain domain of the single From mailbox
 */
export function receiverVerdict(
  headers: readonly MailHeader[],
  authservId: string,
  fromDomain: string,
): ReceiverVerdict {
  const server = authservId.trim().toLowerCase();
  if (!server) return { verdict: 'untrusted', reason: 'not_configured', line: null };
  for (const header of headers) {
    const name = header.name.toLowerCase();
    if (name === 'received' && !isReceivedBy(header.value, server)) break;
    if (name !== 'authentication-results') continue;
    const parsed = parseResultsHeader(header.value);
    if (parsed && parsed.authservId !== server) continue;
    if (!parsed && !header.value.toLowerCase().includes(server)) continue;
    // Text of the sender inside the server's field may break it: then nothing further down may speak for the server.
    if (!parsed) return { verdict: 'untrusted', reason: 'unreadable_results', line: header.value };
    return { ...judge(parsed, domainOf(`@${fromDomain}`)), line: header.value };
  }
  return { verdict: 'untrusted', reason: 'no_results_of_receiver', line: null };
}

function judge(parsed: ResultsHeader, fromDomain: string): Pick<ReceiverVerdict, 'verdict' | 'reason'> {
  const dmarc = parsed.results.filter((result) => result.method === 'dmarc');
  if (dmarc.length > 1) return { verdict: 'fail', reason: 'dmarc_twice' };
  const [only] = dmarc;
  if (!only || only.result === 'none') {
    const signed = parsed.results.some(
      (result) => result.method === 'dkim' && result.result === 'pass' && signerIs(result.properties, fromDomain),
    );
    return signed ? { verdict: 'none', reason: 'no_dmarc_dkim_pass' } : { verdict: 'fail', reason: 'no_dmarc_no_dkim' };
  }
  if (only.result !== 'pass') return { verdict: 'fail', reason: 'dmarc_not_passed' };
  const from = only.properties.get('header.from') ?? [];
  const agrees = from.length === 1 && domainOf(`@${from[0] ?? ''}`) === fromDomain;
  return agrees ? { verdict: 'pass', reason: 'dmarc_pass' } : { verdict: 'fail', reason: 'header_from_differs' };
}

/** `header.d` or the domain of `header.i` is the From domain or stands in one line with it. */
function signerIs(properties: ReadonlyMap<string, readonly string[]>, fromDomain: string): boolean {
  const named = [...(properties.get('header.d') ?? []), ...(properties.get('header.i') ?? [])];
  return named.some((name) => {
    const domain = domainOf(name.includes('@') ? name : `@${name}`);
    return domain === fromDomain || fromDomain.endsWith(`.${domain}`) || domain.endsWith(`.${fromDomain}`);
  });
}

/**
 * Whether a Received line was written by the receiving server: its `by` host is the server or another host under the same
 * parent name (`mx.google.com`: anything under `google.com`), or it tells an inner hop, which has no `from` and no host name.
 */
function isReceivedBy(value: string, server: string): boolean {
  const clauses = withoutComments(value).toLowerCase();
  const [, by = ''] = /(?:^|\s)by\s+([^\s;]+)/.exec(clauses) ?? [];
  const labels = server.split('.');
  const parent = labels.length > 2 ? labels.slice(1).join('.') : server;
  if (by === server || by === parent || by.endsWith(`.${parent}`)) return true;
  return !/^from\s/.test(clauses) && /^\[?[0-9a-f:.]+\]?$/.test(by);
}

/** Comments hold what the client said of itself (HELO, reverse name), so nothing may be read from them. */
function withoutComments(value: string): string {
  let depth = 0;
  let kept = '';
  for (const character of value) {
    if (character === '(') depth += 1;
    else if (character === ')') depth = Math.max(0, depth - 1);
    else if (depth === 0) kept += character;
  }
  return kept.trim();
}
