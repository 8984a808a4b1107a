import { MailForge } from '#testing/mail-forge';
import type { ForgedMail } from '#testing/mail-forge';
import type { MailVerdict } from '../mail-verdict.rules.js';

/** The receiving server of the corpus. */
export const authservId = 'mx.community.test';
/** The instant at which the corpus is judged. */
export const now = new Date('2026-11-20T12:00:00Z');

/** One mail of the corpus and what must become of it. `forged` marks those that must never be accepted. */
export interface CorpusMail {
  name: string;
  forged: boolean;
  expected: Pick<MailVerdict, 'decision' | 'reason' | 'grade'>;
  raw(forge: MailForge): Promise<Buffer>;
}

export const accepted = { decision: 'accept', reason: null, grade: 'normal' } as const;
export const acceptedLow = { decision: 'accept', reason: null, grade: 'low' } as const;
export const refused = (reason: NonNullable<MailVerdict['reason']>) =>
  ({ decision: 'refuse', reason, grade: null }) as const;
export const ignored = (reason: NonNullable<MailVerdict['reason']>) =>
  ({ decision: 'ignore', reason, grade: null }) as const;

/** The world of the corpus: a member's domain, one without DMARC, one with strict alignment, an attacker's, one with dead DNS. */
export function corpusForge(): MailForge {
  return new MailForge({
    domains: [
      'victim.example',
      'mail.victim.example',
      'plain.example',
      'strict.example',
      'mail.strict.example',
      'evil.example',
      'dead.example',
    ],
    withoutDmarc: ['plain.example'],
    failing: ['dead.example'],
    dmarcRecords: { 'strict.example': 'v=DMARC1; p=reject; adkim=s', 'mail.victim.example': 'v=DMARC1; p=none' },
  });
}

export const passFor = (domain: string) =>
  `${authservId}; dkim=pass header.d=${domain}; spf=pass smtp.mailfrom=${domain}; dmarc=pass header.from=${domain}`;
export const failFor = (domain: string) =>
  `${authservId}; dkim=none; spf=fail smtp.mailfrom=evil.example; dmarc=fail (p=reject) header.from=${domain}`;
export const signedAt = new Date(now.getTime() - 30_000);

/** An honest mail of alice@victim.example, with what the case changes. */
export function honest(changes: Partial<ForgedMail> = {}): ForgedMail {
  return {
    from: 'Alice <alice@victim.example>',
    subject: 'COSER 483920',
    text: 'My code is 483920.',
    date: new Date(now.getTime() - 60_000),
    messageId: '<1@victim.example>',
    sign: { domain: 'victim.example', signedAt },
    authenticationResults: passFor('victim.example'),
    ...changes,
  };
}

export const mail =
  (changes: Partial<ForgedMail> = {}) =>
  (forge: MailForge): Promise<Buffer> =>
    forge.compose(honest(changes));

/** Changes the finished source, as somebody on the way could. */
export const altered = (changes: Partial<ForgedMail>, alter: (source: string) => string) => async (forge: MailForge) =>
  Buffer.from(alter((await forge.compose(honest(changes))).toString('latin1')), 'latin1');

export const evilSignature = { domain: 'evil.example', signedAt };
