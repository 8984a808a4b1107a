import { dkimVerify, dmarc } from 'mailauth';
import PostalMime, { addressParser } from 'postal-mime';
import type { Email } from 'postal-mime';
import { receiverVerdict } from './authentication-results.rules.js';
import type { ReceiverVerdict } from './authentication-results.rules.js';
import { minKeyBits, ownVerdict, provingSignature } from './dkim-verdict.rules.js';
import type { OwnVerdict, PolicyFinding, SignatureFinding } from './dkim-verdict.rules.js';
import type { DnsResolver } from './dns-records.resolver.js';
import { domainOf, isAcceptableAddress } from './email-address.rules.js';
import { judgeMail, machineMail } from './mail-verdict.rules.js';
import type { MailFindings, MailVerdict } from './mail-verdict.rules.js';
import { headersOf, valuesOf } from './raw-headers.rules.js';
import type { MailHeader } from './raw-headers.rules.js';
import { findCodes } from './verification-code.rules.js';

export interface InspectionOptions {
  /** Name under which the mailbox's own server writes Authentication-Results; empty = nothing is trusted. */
  authservId: string;
  resolver: DnsResolver;
  now: Date;
  /** Octets of the largest mail that is read. */
  maxBytes: number;
  /** `raw` holds the headers only, because the mail exceeds `maxBytes`. */
  tooLarge?: boolean;
}

export interface InspectedMail {
  verdict: MailVerdict;
  /** Six-digit codes, the likeliest first, three at most; empty unless the mail was read. */
  codes: string[];
  subject: string;
  /** Parts of the decision, for the evidence and the log. */
  own: OwnVerdict;
  receiver: ReceiverVerdict;
}

/** Signatures of one mail that are checked: each may cost the look-up of a name that the sender chose. */
const maxSignatures = 8;

const nothingRead: ReceiverVerdict = { verdict: 'untrusted', reason: 'no_results_of_receiver', line: null };

/**
 * Reads one raw mail and decides whether it proves its sender (U-07, U-08). Asks the DNS through `options.resolver` only;
 * never throws for what a sender may write: such mail is refused as `broken`.
 */
export async function inspectMail(raw: Buffer, options: InspectionOptions): Promise<InspectedMail> {
  const headers = headersOf(raw);
  const tooLarge = options.tooLarge === true || raw.length > options.maxBytes;
  const from = headers ? senderOf(headers) : ({ kind: 'broken' } as const);
  const mail = headers && !tooLarge ? await parse(raw) : null;
  const readable = headers !== null && from.kind === 'one' && (mail !== null || tooLarge);
  const worthChecking = readable && !tooLarge && machineMail(headers) === null && hasSaneSignatures(headers);
  const own = worthChecking
    ? await checkSignatures(
        raw,
        { fromDomain: from.domain, hasSubject: valuesOf(headers, 'Subject').length > 0 },
        options,
      )
    : { verdict: 'fail' as const, proof: null };
  const receiver = readable ? receiverVerdict(headers, options.authservId, from.domain) : nothingRead;
  const codes = mail
    ? findCodes({ subject: mail.subject ?? '', text: mail.text ?? null, html: mail.html ?? null })
    : [];
  const findings: MailFindings = {
    headers,
    tooLarge,
    from: own.verdict === null || (!readable && from.kind === 'one') ? { kind: 'broken' } : from,
    date: headers ? dateOf(headers) : null,
    now: options.now,
    own: own.verdict ?? 'fail',
    proof: own.proof,
    receiver,
    codes,
  };
  return { verdict: judgeMail(findings), codes, subject: mail?.subject ?? '', own: findings.own, receiver };
}

function hasSaneSignatures(headers: readonly MailHeader[]): boolean {
  const signatures = valuesOf(headers, 'DKIM-Signature');
  return (
    signatures.length > 0 &&
    signatures.length <= maxSignatures &&
    !signatures.some((value) => /(^|;)\s*l\s*=/i.test(value))
  );
}

/**
 * The one mailbox of From. A comma or a second `<` outside quotes means several mailboxes to some reader, so it does here;
 * the display name counts for nothing.
 */
function senderOf(headers: readonly MailHeader[]): MailFindings['from'] {
  const values = valuesOf(headers, 'From');
  const [value] = values;
  if (value === undefined) return { kind: 'broken' };
  const bare = value.replace(/"(?:[^"\\]|\\.)*"/g, '').replace(/\([^()]*\)/g, '');
  if (values.length > 1 || /[,;:]/.test(bare) || bare.split('<').length > 2) return { kind: 'several' };
  const mailboxes = addressParser(value);
  const [mailbox] = mailboxes;
  if (mailboxes.length > 1 || mailbox?.group) return { kind: 'several' };
  const address = mailbox?.address ?? '';
  const domain = domainOf(address);
  const ascii = `${address.slice(0, address.lastIndexOf('@'))}@${domain}`;
  // The angle brackets, or the whole value without them, must hold exactly this address: no reader may see another one.
  const written = /<([^<>]*)>/.exec(bare)?.[1] ?? bare;
  return isAcceptableAddress(ascii) && written.trim() === address
    ? { kind: 'one', address: ascii, domain }
    : { kind: 'broken' };
}

function dateOf(headers: readonly MailHeader[]): Date | null {
  const [value] = valuesOf(headers, 'Date');
  const date = new Date((value ?? '').replace(/\([^()]*\)/g, '').trim());
  return Number.isNaN(date.getTime()) ? null : date;
}

async function parse(raw: Buffer): Promise<Email | null> {
  try {
    // Attached mails are not what the sender wrote.
    return await PostalMime.parse(raw, { forceRfc822Attachments: true, maxNestingDepth: 20, maxHeadersSize: 524_288 });
  } catch {
    return null;
  }
}

/** `verdict` null: the library reads another sender than we do. */
async function checkSignatures(
  raw: Buffer,
  { fromDomain, hasSubject }: { fromDomain: string; hasSubject: boolean },
  { resolver, now }: InspectionOptions,
): Promise<{ verdict: OwnVerdict | null; proof: SignatureFinding | null }> {
  const checked = await dkimVerify(raw, { resolver, curTime: now, minBitLength: minKeyBits });
  const [sender, ...others] = checked.headerFrom;
  if (sender === undefined || others.length > 0 || domainOf(sender) !== fromDomain)
    return { verdict: null, proof: null };
  // A subject that is not there cannot be covered, and one that somebody added later is there and is not.
  const coveredAnyway = hasSubject ? [] : ['subject'];
  const findings = (checked.results as unknown as LibraryResult[]).map((result) => findingOf(result, coveredAnyway));
  const proof = provingSignature(findings);
  const policy = proof ? await lookUpPolicy(proof, fromDomain, resolver) : null;
  return { verdict: ownVerdict(findings, policy, fromDomain), proof };
}

async function lookUpPolicy(
  proof: SignatureFinding,
  fromDomain: string,
  resolver: DnsResolver,
): Promise<PolicyFinding> {
  const found = await dmarc({
    headerFrom: fromDomain,
    spfDomains: [],
    dkimDomains: [{ id: proof.signatureHash, domain: proof.domain }],
    resolver,
  });
  if (!found) return { result: 'fail', strictAlignment: false };
  const result = found.status.result;
  const known = result === 'pass' || result === 'none' || result === 'temperror' ? result : 'fail';
  return { result: known, strictAlignment: found.alignment?.dkim.strict === true };
}

/** What the library really returns for one signature; its own types leave most of it out. */
interface LibraryResult {
  id?: string;
  signingDomain?: string;
  selector?: string;
  algo?: string;
  bodyHash?: string;
  modulusLength?: number;
  signTime?: string | null;
  signingHeaders?: { keys: string };
  status: { result: SignatureFinding['result']; aligned?: string | false };
}

function findingOf(result: LibraryResult, coveredAnyway: readonly string[]): SignatureFinding {
  const headers = result.signingHeaders?.keys.split(':').map((name) => name.trim().toLowerCase());
  return {
    domain: result.signingDomain ?? '',
    selector: result.selector ?? '',
    result: result.status.result,
    algorithm: result.algo ?? '',
    keyBits: result.modulusLength ?? null,
    signedHeaders: [...(headers ?? []), ...coveredAnyway],
    aligned: Boolean(result.status.aligned),
    signedAt: result.signTime ? new Date(result.signTime) : null,
    signatureHash: result.id ?? '',
    bodyHash: result.bodyHash ?? '',
  };
}
