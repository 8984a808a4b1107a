/** One DKIM signature as our own check found it. */
export interface SignatureFinding {
  domain: string;
  selector: string;
  result: 'pass' | 'fail' | 'neutral' | 'policy' | 'temperror' | 'permerror' | 'none';
  algorithm: string;
  /** Bits of the RSA key; null for Ed25519 or when no key was found. */
  keyBits: number | null;
  /** Names of the present fields it covers, lower case. */
  signedHeaders: readonly string[];
  /** The signing domain and the From domain belong to one organisation (relaxed alignment). */
  aligned: boolean;
  signedAt: Date | null;
  /** SHA-256 (hex) over the signature's octets: the key against replays. */
  signatureHash: string;
  bodyHash: string;
}

/** The sender domain's DMARC policy as our own lookup found it. */
export interface PolicyFinding {
  result: 'pass' | 'fail' | 'none' | 'temperror';
  /** `adkim=s`: the signing domain must be the From domain itself. */
  strictAlignment: boolean;
}

/** `gray`: the domain has no DMARC record, but signs its mail. `unaligned`: only a foreign domain signed. */
export type OwnVerdict = 'pass' | 'gray' | 'fail' | 'unaligned' | 'temperror';

export const minKeyBits = 1024;

const allowedAlgorithms = new Set(['rsa-sha256', 'ed25519-sha256']);

/** The signature of the From domain that proves the sender: valid, strong, and over From and Subject. Null when there is none. */
export function provingSignature(findings: readonly SignatureFinding[]): SignatureFinding | null {
  return findings.find((finding) => isProof(finding) && finding.aligned) ?? null;
}

/**
 * Our own word on the sender (U-08).
 *
 * @param policy null when no policy was looked up, because no signature proves anything
 */
export function ownVerdict(
  findings: readonly SignatureFinding[],
  policy: PolicyFinding | null,
  fromDomain: string,
): OwnVerdict {
  const proof = provingSignature(findings);
  if (!proof || !policy) {
    if (findings.some((finding) => finding.aligned && finding.result === 'temperror')) return 'temperror';
    return findings.some((finding) => finding.result === 'pass' && !finding.aligned) ? 'unaligned' : 'fail';
  }
  if (policy.result === 'temperror') return 'temperror';
  if (policy.result === 'none') return 'gray';
  // The library's strict mode compares organisations, so the strict wish is kept here.
  if (policy.strictAlignment && proof.domain.toLowerCase() !== fromDomain.toLowerCase()) return 'unaligned';
  return policy.result === 'pass' ? 'pass' : 'fail';
}

function isProof(finding: SignatureFinding): boolean {
  return (
    finding.result === 'pass' &&
    allowedAlgorithms.has(finding.algorithm.toLowerCase()) &&
    (finding.keyBits === null || finding.keyBits >= minKeyBits) &&
    ['from', 'subject'].every((name) => finding.signedHeaders.includes(name))
  );
}
