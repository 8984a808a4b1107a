import type { ReceiverVerdict } from './authentication-results.rules.js';
import type { OwnVerdict, SignatureFinding } from './dkim-verdict.rules.js';
import { valuesOf } from './raw-headers.rules.js';
import type { MailHeader } from './raw-headers.rules.js';

/** Why a mail was not accepted: a closed set of stable words. */
export const refusalReasons = [
  'unauthenticated',
  'forged_from',
  'several_from',
  'auto_reply',
  'list_mail',
  'stale',
  'unsigned_length',
  'no_code',
  'too_large',
  'broken',
] as const;
export type RefusalReason = (typeof refusalReasons)[number];

/** What is kept as proof of a decision; holds no text of the mail. */
export interface MailEvidence {
  fromAddress: string | null;
  fromDomain: string | null;
  messageId: string | null;
  dkimDomain: string | null;
  dkimSelector: string | null;
  dkimSignatureHash: string | null;
  bodyHash: string | null;
  authenticationResults: string | null;
}

/**
 * `refuse`: tell the member in the chat, never by mail to the sender, who may be forged. `ignore`: say nothing. `retry`: the
 * name servers did not answer; look again later, a bounded number of times, then refuse with the reason given.
 */
export interface MailVerdict {
  decision: 'accept' | 'refuse' | 'ignore' | 'retry';
  /** `low`: the domain publishes no DMARC record; the binding must not authorise anything but itself. */
  grade: 'normal' | 'low' | null;
  reason: RefusalReason | null;
  evidence: MailEvidence;
}

/** Everything the decision rests on. */
export interface MailFindings {
  headers: readonly MailHeader[] | null;
  tooLarge: boolean;
  /** The From mailboxes on which all readers agree. */
  from: { kind: 'one'; address: string; domain: string } | { kind: 'several' } | { kind: 'broken' };
  date: Date | null;
  now: Date;
  own: OwnVerdict;
  proof: SignatureFinding | null;
  receiver: ReceiverVerdict;
  codes: readonly string[];
}

/** A mail is too old to carry a code that is still valid long before this. */
export const maxMailAgeMs = 24 * 3_600_000;
const maxClockSkewMs = 15 * 60_000;

/** The whole decision on one mail (U-08). Pure: everything it needs was found before. */
export function judgeMail(findings: MailFindings): MailVerdict {
  const { decision, grade, reason } = decide(findings);
  return { decision, grade, reason, evidence: evidenceOf(findings) };
}

type Decision = Pick<MailVerdict, 'decision' | 'grade' | 'reason'>;

function decide(findings: MailFindings): Decision {
  const { headers } = findings;
  if (!headers) return refuse('broken');
  const machine = machineMail(headers);
  if (machine) return { decision: 'ignore', grade: null, reason: machine };
  if (findings.from.kind === 'several') return refuse('several_from');
  if (findings.from.kind === 'broken' || hasDoubledField(headers)) return refuse('broken');
  if (findings.tooLarge) return refuse('too_large');
  const signatures = valuesOf(headers, 'DKIM-Signature');
  if (signatures.some((value) => /(^|;)\s*l\s*=/i.test(value))) return refuse('unsigned_length');
  if (signatures.some((value) => hasOddTags(value))) return refuse('broken');
  const doubt = authenticationDoubt(findings);
  if (doubt) return doubt;
  if (!isFresh(findings)) return refuse('stale');
  if (findings.codes.length === 0) return refuse('no_code');
  return { decision: 'accept', grade: findings.own === 'pass' ? 'normal' : 'low', reason: null };
}

/** Both words must agree: ours and the receiving server's. Null when they do. */
function authenticationDoubt({ own, receiver }: MailFindings): Decision | null {
  if (own === 'temperror') return { decision: 'retry', grade: null, reason: 'unauthenticated' };
  if (own === 'unaligned') return refuse('forged_from');
  if (own === 'fail') return refuse(receiver.verdict === 'fail' ? 'forged_from' : 'unauthenticated');
  if (receiver.verdict === 'untrusted') return refuse('unauthenticated');
  if (receiver.verdict === 'fail') return refuse('forged_from');
  return own === 'pass' && receiver.verdict === 'none' ? refuse('unauthenticated') : null;
}

/** Fields that must not appear twice: which one is signed and which one is read may differ. */
const singleFields = [
  'From',
  'Subject',
  'Date',
  'Message-ID',
  'Content-Type',
  'Content-Transfer-Encoding',
  'MIME-Version',
  'Sender',
];

function hasDoubledField(headers: readonly MailHeader[]): boolean {
  return singleFields.some((name) => valuesOf(headers, name).length > 1);
}

/** A tag given twice, or comments and quotes, which signers do not write and readers read differently. */
function hasOddTags(signature: string): boolean {
  const names = signature
    .split(';')
    .map((tag) => tag.split('=')[0]?.trim().toLowerCase() ?? '')
    .filter((name) => name !== '');
  return new Set(names).size !== names.length || /["'()\\]/.test(signature);
}

/** Mail written by a program: an answering machine, a bounce, a list. Answering it would start a loop. */
export function machineMail(headers: readonly MailHeader[]): 'auto_reply' | 'list_mail' | null {
  const has = (name: string) => valuesOf(headers, name).length > 0;
  const submitted = valuesOf(headers, 'Auto-Submitted').map((value) => value.split(/[;\s]/)[0]?.toLowerCase());
  if (submitted.some((value) => value !== 'no')) return 'auto_reply';
  if (['X-Autoreply', 'X-Autorespond', 'X-Auto-Reply'].some(has)) return 'auto_reply';
  if (valuesOf(headers, 'Return-Path').some((value) => value === '<>')) return 'auto_reply';
  if (valuesOf(headers, 'Content-Type').some((value) => /^multipart\/report\b/i.test(value))) return 'auto_reply';
  const precedence = valuesOf(headers, 'Precedence').map((value) => value.toLowerCase());
  if (precedence.includes('auto_reply')) return 'auto_reply';
  if (precedence.some((value) => ['bulk', 'list', 'junk'].includes(value))) return 'list_mail';
  return ['List-Id', 'List-Post', 'List-Unsubscribe'].some(has) ? 'list_mail' : null;
}

/** The Date and, when it tells, the signature's time lie within the last day; a Date that nobody signed needs the latter. */
function isFresh({ date, now, proof }: MailFindings): boolean {
  const within = (time: Date) =>
    now.getTime() - time.getTime() <= maxMailAgeMs && time.getTime() - now.getTime() <= maxClockSkewMs;
  if (!date || !within(date) || (proof?.signedAt && !within(proof.signedAt))) return false;
  return Boolean(proof?.signedAt) || Boolean(proof?.signedHeaders.includes('date'));
}

function refuse(reason: RefusalReason): Decision {
  return { decision: 'refuse', grade: null, reason };
}

const maxEvidenceLength = 2_000;

function evidenceOf({ headers, from, proof, receiver }: MailFindings): MailEvidence {
  const [messageId] = headers ? valuesOf(headers, 'Message-ID') : [];
  return {
    fromAddress: from.kind === 'one' ? from.address : null,
    fromDomain: from.kind === 'one' ? from.domain : null,
    messageId: messageId && messageId.length <= 998 ? messageId : null,
    dkimDomain: proof?.domain ?? null,
    dkimSelector: proof?.selector ?? null,
    dkimSignatureHash: proof?.signatureHash ?? null,
    bodyHash: proof?.bodyHash ?? null,
    authenticationResults: receiver.line?.slice(0, maxEvidenceLength) ?? null,
  };
}
