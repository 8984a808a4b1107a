import {
  accepted,
  acceptedLow,
  authservId,
  evilSignature,
  honest,
  ignored,
  mail,
  passFor,
  refused,
  signedAt,
} from './corpus-world.fixture.js';
import type { CorpusMail } from './corpus-world.fixture.js';

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
];
