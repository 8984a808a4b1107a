import {
  altered,
  authservId,
  evilSignature,
  failFor,
  honest,
  mail,
  now,
  passFor,
  refused,
  signedAt,
} from './corpus-world.fixture.js';
import type { CorpusMail } from './corpus-world.fixture.js';

const forgeries: Omit<CorpusMail, 'forged'>[] = [
  {
    name: 'unsigned, results failed',
    expected: refused('forged_from'),
    raw: mail({ sign: false, authenticationResults: failFor('victim.example') }),
  },
  {
    name: 'unsigned, no results at all',
    expected: refused('unauthenticated'),
    raw: mail({ sign: false, authenticationResults: false }),
  },
  { name: 'unsigned, forged results of our server', expected: refused('unauthenticated'), raw: mail({ sign: false }) },
  {
    name: 'signed by the attacker',
    expected: refused('forged_from'),
    raw: mail({ sign: evilSignature, authenticationResults: failFor('victim.example') }),
  },
  {
    name: 'signed by the attacker, forged results',
    expected: refused('forged_from'),
    raw: mail({ sign: evilSignature }),
  },
  {
    name: 'results of another server',
    expected: refused('unauthenticated'),
    raw: mail({ authenticationResults: passFor('victim.example').replace(authservId, 'mx.evil.example') }),
  },
  {
    name: 'results below a foreign Received',
    expected: refused('unauthenticated'),
    raw: mail({
      authenticationResults: false,
      rawHeaders: [
        'Received: from a by mx.evil.example; Fri, 20 Nov 2026 11:59:00 +0000',
        `Authentication-Results: ${passFor('victim.example')}`,
      ],
    }),
  },
  {
    name: 'genuine fail above a forged pass',
    expected: refused('forged_from'),
    raw: mail({
      authenticationResults: failFor('victim.example'),
      rawHeaders: [`Authentication-Results: ${passFor('victim.example')}`],
    }),
  },
  {
    name: 'pass only in a comment',
    expected: refused('forged_from'),
    raw: mail({
      authenticationResults: `${authservId}; dmarc=fail (dmarc=pass header.from=victim.example) header.from=victim.example`,
    }),
  },
  {
    name: 'pass injected through a quoted MAIL FROM',
    expected: refused('forged_from'),
    raw: mail({
      authenticationResults:
        `${authservId}; spf=pass smtp.mailfrom="x; dmarc=pass header.from=victim.example"@evil.example; ` +
        'dmarc=fail header.from=victim.example',
    }),
  },
  {
    name: 'pass injected through a bare MAIL FROM',
    expected: refused('forged_from'),
    raw: mail({
      authenticationResults:
        `${authservId}; spf=pass smtp.mailfrom=x; dmarc=pass header.from=victim.example; ` +
        'dmarc=fail header.from=victim.example',
    }),
  },
  {
    name: 'results broken by an open comment',
    expected: refused('unauthenticated'),
    raw: mail({ authenticationResults: `${passFor('victim.example')} (oops` }),
  },
  {
    name: 'pass for another domain',
    expected: refused('forged_from'),
    raw: mail({ authenticationResults: passFor('evil.example') }),
  },
  {
    name: 'pass for a look-alike subdomain',
    expected: refused('forged_from'),
    raw: mail({ authenticationResults: passFor('victim.example.evil.example') }),
  },
  {
    name: 'server does not know DMARC of a domain that has it',
    expected: refused('unauthenticated'),
    raw: mail({ authenticationResults: `${authservId}; dkim=pass header.d=victim.example` }),
  },
  {
    name: 'body changed on the way',
    expected: refused('unauthenticated'),
    raw: altered({}, (source) => source.replace('is 483920', 'is 111111')),
  },
  {
    name: 'subject changed on the way',
    expected: refused('unauthenticated'),
    raw: altered({}, (source) => source.replace('COSER 483920', 'COSER 111111')),
  },
  {
    name: 'From changed on the way',
    expected: refused('unauthenticated'),
    raw: altered({}, (source) => source.replace('<alice@', '<mallory@')),
  },
  {
    name: 'second From on top',
    expected: refused('several_from'),
    raw: altered({}, (source) => `From: mallory@evil.example\r\n${source}`),
  },
  {
    name: 'two From fields, both signed',
    expected: refused('several_from'),
    raw: mail({ rawHeaders: ['From: mallory@evil.example'] }),
  },
  {
    name: 'two mailboxes in From',
    expected: refused('several_from'),
    raw: mail({ from: 'alice@victim.example, mallory@evil.example', sign: evilSignature }),
  },
  {
    name: 'group in From',
    expected: refused('several_from'),
    raw: altered({ sign: false }, (source) =>
      source.replace(/From: .*/, 'From: Team: alice@victim.example, mallory@evil.example;'),
    ),
  },
  {
    name: 'two addresses in angle brackets',
    expected: refused('several_from'),
    raw: altered({ sign: false }, (source) =>
      source.replace(/From: .*/, 'From: <mallory@evil.example> <alice@victim.example>'),
    ),
  },
  {
    name: 'a subject added to a signed mail that had none',
    expected: refused('unauthenticated'),
    raw: altered({ subject: undefined }, (source) => `Subject: 111111\r\n${source}`),
  },
  {
    name: 'second subject on top',
    expected: refused('broken'),
    raw: altered({}, (source) => `Subject: 111111\r\n${source}`),
  },
  {
    name: 'bare carriage return in the header',
    expected: refused('broken'),
    raw: altered({}, (source) => `X-A: b\rFrom: mallory@evil.example\r\n${source}`),
  },
  {
    name: 'blank before the colon',
    expected: refused('broken'),
    raw: altered({}, (source) => `From : mallory@evil.example\r\n${source}`),
  },
  {
    name: 'homograph domain',
    expected: refused('forged_from'),
    raw: mail({ from: 'alice@vıctim.example', sign: evilSignature }),
  },
  {
    name: 'address outside the format',
    expected: refused('broken'),
    raw: altered({ sign: false }, (source) => source.replace(/From: .*/, 'From: alice')),
  },
  {
    name: 'no From',
    expected: refused('broken'),
    raw: altered({ sign: false }, (source) => source.replace(/From: .*\r\n/, '')),
  },
  { name: 'no headers', expected: refused('broken'), raw: async () => Buffer.from('\r\n483920\r\n') },
  { name: 'empty', expected: refused('broken'), raw: async () => Buffer.alloc(0) },
  {
    name: 'signed length with an unsigned tail',
    expected: refused('unsigned_length'),
    raw: altered(
      { sign: { domain: 'victim.example', bodyLength: 5, signedAt } },
      (source) => `${source}\r\n111111\r\n`,
    ),
  },
  {
    name: 'subject not signed',
    expected: refused('unauthenticated'),
    raw: mail({ sign: { domain: 'victim.example', headerList: ['From', 'Date'], signedAt } }),
  },
  {
    name: 'weak key',
    expected: refused('unauthenticated'),
    raw: mail({ sign: { domain: 'victim.example', selector: 'weak', signedAt } }),
  },
  {
    name: 'strict domain, signed by its subdomain',
    expected: refused('forged_from'),
    raw: mail({
      from: 'alice@strict.example',
      sign: { domain: 'mail.strict.example', signedAt },
      authenticationResults: passFor('strict.example'),
    }),
  },
  {
    name: 'replayed after days',
    expected: refused('stale'),
    raw: mail({
      date: new Date('2026-11-17T12:00:00Z'),
      sign: { domain: 'victim.example', signedAt: new Date('2026-11-17T12:00:00Z') },
    }),
  },
  {
    name: 'replayed with an old signature only',
    expected: refused('stale'),
    raw: mail({ sign: { domain: 'victim.example', signedAt: new Date('2026-11-17T12:00:00Z') } }),
  },
  { name: 'date in the future', expected: refused('stale'), raw: mail({ date: new Date('2026-11-21T12:00:00Z') }) },
  {
    name: 'expired signature',
    expected: refused('unauthenticated'),
    raw: mail({ sign: { domain: 'victim.example', signedAt, expiresAt: new Date(now.getTime() - 10_000) } }),
  },
  {
    name: 'domain without DMARC, unsigned',
    expected: refused('unauthenticated'),
    raw: mail({
      from: 'alice@plain.example',
      sign: false,
      authenticationResults: `${authservId}; dkim=pass header.d=plain.example`,
    }),
  },
  {
    name: 'unknown domain with forged results',
    expected: refused('unauthenticated'),
    raw: mail({
      from: 'alice@nowhere.example',
      sign: { domain: 'nowhere.example', signedAt },
      authenticationResults: passFor('nowhere.example'),
    }),
  },
  {
    name: 'an honest mail attached to a forged one',
    expected: refused('forged_from'),
    raw: mail({
      sign: evilSignature,
      authenticationResults: failFor('victim.example'),
      headers: { 'X-Original-From': 'alice@victim.example' },
    }),
  },
  {
    name: 'nine signatures',
    expected: refused('unauthenticated'),
    raw: async (forge) => {
      let raw = await forge.compose(honest({ authenticationResults: false }));
      for (let count = 1; count < 9; count += 1) raw = await forge.sign(raw, evilSignature);
      return Buffer.concat([Buffer.from(`Authentication-Results: ${passFor('victim.example')}\r\n`), raw]);
    },
  },
];

/** Mails that claim to be of a member and are not, or not any more. None of them may ever be accepted. */
export const forgedMails: CorpusMail[] = forgeries.map((entry) => ({ ...entry, forged: true }));
