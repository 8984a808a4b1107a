import { describe, expect, it } from 'vitest';
import { ownVerdict, provingSignature } from './dkim-verdict.rules.js';
import type { PolicyFinding, SignatureFinding } from './dkim-verdict.rules.js';

const good: SignatureFinding = {
  domain: 'mail.example.com',
  selector: 's1',
  result: 'pass',
  algorithm: 'rsa-sha256',
  keyBits: 2048,
  signedHeaders: ['from', 'to', 'subject', 'date'],
  aligned: true,
  signedAt: null,
  signatureHash: 'a',
  bodyHash: 'b',
};
const policy = (result: PolicyFinding['result'], strictAlignment = false): PolicyFinding => ({
  result,
  strictAlignment,
});
const verdict = (findings: SignatureFinding[], found: PolicyFinding | null = policy('pass')) =>
  ownVerdict(findings, found, 'example.com');

describe('provingSignature', () => {
  it.each<[string, Partial<SignatureFinding>]>([
    ['fails', { result: 'fail' }],
    ['is neutral', { result: 'neutral' }],
    ['is of another domain', { aligned: false }],
    ['uses SHA-1', { algorithm: 'rsa-sha1' }],
    ['has a short key', { keyBits: 1023 }],
    ['leaves From out', { signedHeaders: ['subject'] }],
    ['leaves Subject out', { signedHeaders: ['from'] }],
  ])('takes none that %s', (_what, change) => {
    expect(provingSignature([{ ...good, ...change }])).toBeNull();
  });

  it('takes the first good one', () => {
    const edwards = { ...good, algorithm: 'ed25519-sha256', keyBits: null, selector: 'e' };
    expect(provingSignature([{ ...good, result: 'fail' }, edwards, good])).toBe(edwards);
    expect(provingSignature([{ ...good, keyBits: 1024 }])).not.toBeNull();
    expect(provingSignature([])).toBeNull();
  });
});

describe('ownVerdict', () => {
  it('follows the policy of the domain', () => {
    expect(verdict([good])).toBe('pass');
    expect(verdict([good], policy('none'))).toBe('gray');
    expect(verdict([good], policy('fail'))).toBe('fail');
    expect(verdict([good], policy('temperror'))).toBe('temperror');
  });

  it('keeps strict alignment', () => {
    expect(verdict([good], policy('pass', true))).toBe('unaligned');
    expect(verdict([{ ...good, domain: 'Example.com' }], policy('pass', true))).toBe('pass');
  });

  it('tells foreign, missing and unanswered signatures apart', () => {
    expect(verdict([{ ...good, aligned: false }], null)).toBe('unaligned');
    expect(verdict([], null)).toBe('fail');
    expect(verdict([{ ...good, result: 'neutral' }], null)).toBe('fail');
    expect(verdict([{ ...good, result: 'temperror' }], null)).toBe('temperror');
    expect(verdict([{ ...good, result: 'temperror', aligned: false }], null)).toBe('fail');
    expect(verdict([good], null)).toBe('fail');
  });
});
