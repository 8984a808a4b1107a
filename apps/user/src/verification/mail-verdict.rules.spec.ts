import { describe, expect, it } from 'vitest';
import { judgeMail, machineMail, maxMailAgeMs } from './mail-verdict.rules.js';
import type { MailFindings } from './mail-verdict.rules.js';

const now = new Date('2026-11-20T12:00:00Z');
const header = (name: string, value: string) => ({ name, value });
const base: MailFindings = {
  headers: [header('From', 'alice@example.com'), header('Message-ID', '<1@example.com>')],
  tooLarge: false,
  from: { kind: 'one', address: 'alice@example.com', domain: 'example.com' },
  date: now,
  now,
  own: 'pass',
  proof: {
    domain: 'example.com',
    selector: 's',
    result: 'pass',
    algorithm: 'rsa-sha256',
    keyBits: 2048,
    signedHeaders: ['from', 'subject', 'date'],
    aligned: true,
    signedAt: null,
    signatureHash: 'hash',
    bodyHash: 'body',
  },
  receiver: { verdict: 'pass', reason: 'dmarc_pass', line: 'mx; dmarc=pass' },
  codes: ['123456'],
};
const proof = (change: object) => (base.proof ? { proof: { ...base.proof, ...change } } : {});
const judge = (changes: Partial<MailFindings>) => {
  const { decision, grade, reason } = judgeMail({ ...base, ...changes });
  return [decision, grade ?? reason].join(' ');
};
const receiver = (verdict: MailFindings['receiver']['verdict']) => ({ receiver: { ...base.receiver, verdict } });

describe('judgeMail', () => {
  it.each<[MailFindings['own'], MailFindings['receiver']['verdict'], string]>([
    ['pass', 'pass', 'accept normal'],
    ['pass', 'none', 'refuse unauthenticated'],
    ['pass', 'fail', 'refuse forged_from'],
    ['pass', 'untrusted', 'refuse unauthenticated'],
    ['gray', 'pass', 'accept low'],
    ['gray', 'none', 'accept low'],
    ['gray', 'fail', 'refuse forged_from'],
    ['gray', 'untrusted', 'refuse unauthenticated'],
    ['fail', 'pass', 'refuse unauthenticated'],
    ['fail', 'none', 'refuse unauthenticated'],
    ['fail', 'fail', 'refuse forged_from'],
    ['fail', 'untrusted', 'refuse unauthenticated'],
    ['unaligned', 'pass', 'refuse forged_from'],
    ['unaligned', 'untrusted', 'refuse forged_from'],
    ['temperror', 'pass', 'retry unauthenticated'],
    ['temperror', 'fail', 'retry unauthenticated'],
  ])('our word %s and the server word %s: %s', (own, verdict, expected) => {
    expect(judge({ own, ...receiver(verdict) })).toBe(expected);
  });

  it('knows the borders of the time window', () => {
    const at = (offsetMs: number) => ({ date: new Date(now.getTime() + offsetMs) });
    expect(judge(at(-maxMailAgeMs))).toBe('accept normal');
    expect(judge(at(-maxMailAgeMs - 1))).toBe('refuse stale');
    expect(judge(at(15 * 60_000))).toBe('accept normal');
    expect(judge(at(15 * 60_000 + 1))).toBe('refuse stale');
    expect(judge({ date: null })).toBe('refuse stale');
    expect(judge(proof({ signedAt: new Date(now.getTime() - maxMailAgeMs - 1) }))).toBe('refuse stale');
    expect(judge(proof({ signedHeaders: ['from', 'subject'] }))).toBe('refuse stale');
    expect(judge(proof({ signedHeaders: ['from', 'subject'], signedAt: now }))).toBe('accept normal');
  });

  it('refuses odd mail', () => {
    const signature = (value: string) => ({ headers: [...(base.headers ?? []), header('DKIM-Signature', value)] });
    expect(judge({ headers: null })).toBe('refuse broken');
    expect(judge({ from: { kind: 'several' } })).toBe('refuse several_from');
    expect(judge({ from: { kind: 'broken' } })).toBe('refuse broken');
    expect(judge({ tooLarge: true })).toBe('refuse too_large');
    expect(judge({ codes: [] })).toBe('refuse no_code');
    expect(judge(signature('v=1; L = 10; b=x'))).toBe('refuse unsigned_length');
    expect(judge(signature('v=1; d=a; d=b'))).toBe('refuse broken');
    expect(judge(signature('v=1; (l=1) d=a'))).toBe('refuse broken');
    expect(judge(signature('v=1; bl=1; d=a;'))).toBe('accept normal');
  });

  it('never answers machines, however bad their mail is', () => {
    const headers = [header('Auto-Submitted', 'auto-replied (vacation)')];
    expect(judge({ headers, from: { kind: 'several' }, own: 'fail', tooLarge: true })).toBe('ignore auto_reply');
  });

  it('keeps the evidence of refusals too', () => {
    expect(judgeMail({ ...base, own: 'fail' }).evidence).toEqual({
      fromAddress: 'alice@example.com',
      fromDomain: 'example.com',
      messageId: '<1@example.com>',
      dkimDomain: 'example.com',
      dkimSelector: 's',
      dkimSignatureHash: 'hash',
      bodyHash: 'body',
      authenticationResults: 'mx; dmarc=pass',
    });
  });
});

describe('machineMail', () => {
  it.each([
    ['Auto-Submitted', 'no', null],
    ['Auto-Submitted', 'No; x=y', null],
    ['Auto-Submitted', 'auto-generated', 'auto_reply'],
    ['X-Autoreply', 'yes', 'auto_reply'],
    ['Precedence', 'auto_reply', 'auto_reply'],
    ['Return-Path', '<>', 'auto_reply'],
    ['Return-Path', '<a@example.com>', null],
    ['Content-Type', 'multipart/report; report-type=delivery-status', 'auto_reply'],
    ['Precedence', 'Bulk', 'list_mail'],
    ['Precedence', 'first-class', null],
    ['List-Id', '<x>', 'list_mail'],
    ['list-unsubscribe', '<mailto:x@y.example>', 'list_mail'],
  ])('%s: %s is %s', (name, value, expected) => {
    expect(machineMail([header(name, value)])).toBe(expected);
  });
});
