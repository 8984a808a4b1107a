import { dkimVerify, dmarc } from 'mailauth';
import type { DnsResolver } from './dns-records.resolver.js';
import { domainOf } from './email-address.rules.js';

export interface ReceptionOptions {
  /** The name this server writes its results under; the same that the inspection trusts. */
  authservId: string;
  resolver: DnsResolver;
  now: Date;
}

/**
 * What a receiving mail server does with a mail from outside (RFC 8601 section 5), for the embedded mode, where no real one
 * stands before us: takes away results that pretend to be ours, checks DKIM and DMARC itself, and writes its own results and
 * a Received line on top.
 */
export async function receiveMail(raw: Buffer, options: ReceptionOptions): Promise<Buffer> {
  const clean = withoutOwnResults(raw, options.authservId);
  const results = await resultsOf(clean, options);
  const received = `Received: from client by ${options.authservId} with ESMTP; ${options.now.toUTCString()}`;
  return Buffer.concat([
    Buffer.from(`Authentication-Results: ${options.authservId}; ${results}\r\n${received}\r\n`),
    clean,
  ]);
}

async function resultsOf(raw: Buffer, { resolver, now }: ReceptionOptions): Promise<string> {
  const checked = await dkimVerify(raw, { resolver, curTime: now });
  const [sender, ...others] = checked.headerFrom;
  const fromDomain = sender === undefined || others.length > 0 ? '' : domainOf(sender);
  if (!plainDomain.test(fromDomain)) return 'dmarc=permerror';
  const domains = checked.results
    .filter(({ status }) => status.result === 'pass')
    .map(({ signingDomain }) => signingDomain);
  const signers = domains.filter((domain) => plainDomain.test(domain)).slice(0, 8);
  const policy = await dmarc({
    headerFrom: fromDomain,
    spfDomains: [],
    dkimDomains: signers.map((domain) => ({ id: domain, domain })),
    resolver,
  });
  const dkim = signers.length > 0 ? signers.map((domain) => `dkim=pass header.d=${domain}`) : ['dkim=none'];
  return [...dkim, `dmarc=${policy ? policy.status.result : 'permerror'} header.from=${fromDomain}`].join('; ');
}

/** What may be written into a field without quoting; the sender chose these names. */
const plainDomain = /^[a-z0-9.-]{1,253}$/i;

function withoutOwnResults(raw: Buffer, authservId: string): Buffer {
  const source = raw.toString('latin1');
  const end = /\r?\n\r?\n/.exec(source)?.index ?? source.length;
  const fields = source.slice(0, end).split(/\r?\n(?![ \t])/);
  const kept = fields.filter(
    (field) => !/^authentication-results\s*:/i.test(field) || !field.toLowerCase().includes(authservId.toLowerCase()),
  );
  if (kept.length === fields.length) return raw;
  return Buffer.from(kept.join('\r\n') + source.slice(end), 'latin1');
}
