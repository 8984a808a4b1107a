import type { MailForge } from '#testing/mail-forge';
import {
  accepted,
  acceptedLow,
  authservId,
  evilSignature,
  honest,
  ignored,
  mail,
  now,
  passFor,
  refused,
  signedAt,
} from './corpus-world.fixture.js';
import type { CorpusMail } from './corpus-world.fixture.js';

/** A mail whose MIME is written by hand; signed and stamped like an honest one. */
const rawMail = (content: string) => async (forge: MailForge) => {
  const head =
    'From: Alice <alice@victim.example>\r\nTo: verify@community.test\r\nSubject: hi\r\n' +
    `Date: ${now.toUTCString()}\r\nMessage-ID: <1@victim.example>\r\nMIME-Version: 1.0\r\n`;
  const signed = await forge.sign(Buffer.from(head + content), { domain: 'victim.example', signedAt });
  return Buffer.concat([Buffer.from(`Authentication-Results: ${passFor('victim.example')}\r\n`), signed]);
};

/** Parts within parts; the innermost holds a code. */
function nested(depth: number): string {
  if (depth === 0) return 'Content-Type: text/plain\r\n\r\n483920\r\n';
  const boundary = `b${depth}`;
  return (
    `Content-Type: multipart/mixed; boundary=${boundary}\r\n\r\n--${boundary}\r\n` +
    `${nested(depth - 1)}\r\n--${boundary}--\r\n`
  );
}

/** Mails of honest members, of their machines, and of members whose mail cannot be believed for now. */
export const honestMails: CorpusMail[] = [
  { name: 'plain mail', forged: false, expected: accepted, raw: mail() },
  {
    name: 'Ed25519 signature',
    forged: false,
    expected: accepted,
    raw: mail({ sign: { domain: 'victim.example', selector: 'ed25519', signedAt } }),
  },
  {
    name: 'HTML only',
    forged: false,
    expected: accepted,
    raw: mail({ subject: 'hi', text: undefined, html: '<p>483&nbsp;920</p>' }),
  },
  {
    name: 'encoded subject',
    forged: false,
    expected: accepted,
    raw: mail({ subject: '验证码４８３９２０', text: '你好' }),
  },
  {
    name: 'answer with Re:',
    forged: false,
    expected: accepted,
    raw: mail({ subject: 'Re: COSER 483920', text: '> 111111' }),
  },
  { name: 'no subject at all', forged: false, expected: accepted, raw: mail({ subject: undefined }) },
  {
    name: 'a display name that looks like another address',
    forged: false,
    expected: accepted,
    raw: mail({ from: '"boss@evil.example" <alice@victim.example>' }),
  },
  {
    name: 'signed by the organisation for its subdomain',
    forged: false,
    expected: accepted,
    raw: mail({ from: 'alice@mail.victim.example', authenticationResults: passFor('mail.victim.example') }),
  },
  {
    name: 'domain without DMARC that signs',
    forged: false,
    expected: acceptedLow,
    raw: mail({
      from: 'alice@plain.example',
      sign: { domain: 'plain.example', signedAt },
      authenticationResults: `${authservId}; dkim=pass header.i=@plain.example; spf=pass smtp.mailfrom=plain.example`,
    }),
  },
  {
    name: 'a second, foreign signature beside the own one',
    forged: false,
    expected: accepted,
    raw: async (forge) => {
      const signed = await forge.sign(await forge.compose(honest({ authenticationResults: false })), evilSignature);
      return Buffer.concat([Buffer.from(`Authentication-Results: ${passFor('victim.example')}\r\n`), signed]);
    },
  },
  { name: 'no code', forged: false, expected: refused('no_code'), raw: mail({ subject: 'hello', text: 'hello' }) },
  {
    name: 'code only in the quote',
    forged: false,
    expected: refused('no_code'),
    raw: mail({ subject: 'Re: hi', text: 'ok\n> 483920' }),
  },
  {
    name: 'name servers silent',
    forged: false,
    expected: { decision: 'retry', reason: 'unauthenticated', grade: null },
    raw: mail({
      from: 'alice@dead.example',
      sign: { domain: 'dead.example', signedAt },
      authenticationResults: passFor('dead.example'),
    }),
  },
  {
    name: 'out of office',
    forged: false,
    expected: ignored('auto_reply'),
    raw: mail({ headers: { 'Auto-Submitted': 'auto-replied' } }),
  },
  {
    name: 'old answering machine',
    forged: false,
    expected: ignored('auto_reply'),
    raw: mail({ headers: { 'X-Autoreply': 'yes' } }),
  },
  { name: 'bounce', forged: false, expected: ignored('auto_reply'), raw: mail({ headers: { 'Return-Path': '<>' } }) },
  {
    name: 'mailing list',
    forged: false,
    expected: ignored('list_mail'),
    raw: mail({ headers: { 'List-Id': '<fans.evil.example>' } }),
  },
  { name: 'bulk mail', forged: false, expected: ignored('list_mail'), raw: mail({ headers: { Precedence: 'bulk' } }) },
  {
    name: 'Auto-Submitted: no is a person',
    forged: false,
    expected: accepted,
    raw: mail({ headers: { 'Auto-Submitted': 'no' } }),
  },
  {
    name: 'code in groups of three, with a dash',
    forged: false,
    expected: accepted,
    raw: mail({ subject: 'hi', text: '483 920 is it, or 483-920' }),
  },
  {
    name: 'full-width digits in the text only',
    forged: false,
    expected: accepted,
    raw: mail({ subject: '你好', text: '验证码：４８３９２０' }),
  },
  {
    name: 'the code under a quote, where people answer',
    forged: false,
    expected: accepted,
    raw: mail({ subject: 'Re: hi', text: '> which code?\n\n483920' }),
  },
  {
    name: 'a display name with an encoded address',
    forged: false,
    expected: accepted,
    raw: mail({ from: '"验证 <boss@evil.example>" <alice@victim.example>' }),
  },
  {
    name: 'nothing but an attachment',
    forged: false,
    expected: refused('no_code'),
    raw: rawMail(
      'Content-Type: application/pdf; name="code.pdf"\r\nContent-Disposition: attachment; filename="code.pdf"\r\n' +
        'Content-Transfer-Encoding: base64\r\n\r\nNDgzOTIw\r\n',
    ),
  },
  {
    name: 'the code in a text attachment only',
    forged: false,
    expected: refused('no_code'),
    raw: rawMail(
      'Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nsee the file\r\n' +
        '--b\r\nContent-Type: text/plain; name=a.txt\r\nContent-Disposition: attachment; filename=a.txt\r\n\r\n' +
        '483920\r\n--b--\r\n',
    ),
  },
  {
    name: 'a multipart mail whose boundary never comes',
    forged: false,
    expected: refused('no_code'),
    raw: rawMail('Content-Type: multipart/mixed; boundary=missing\r\n\r\n--other\r\n\r\n483920\r\n'),
  },
  {
    name: 'base64 that is none',
    forged: false,
    expected: refused('no_code'),
    raw: rawMail('Content-Type: text/plain\r\nContent-Transfer-Encoding: base64\r\n\r\n!!!! not base64 !!!!\r\n'),
  },
  {
    name: 'an unknown character set',
    forged: false,
    expected: accepted,
    raw: rawMail('Content-Type: text/plain; charset=x-none\r\n\r\ncode 483920\r\n'),
  },
  {
    name: 'parts nested a hundred deep',
    forged: false,
    expected: refused('broken'),
    raw: rawMail(nested(100)),
  },
];
