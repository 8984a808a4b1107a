import { dkimSign } from 'mailauth';
import MailComposer from 'nodemailer/lib/mail-composer';
import { dkimKeyRecord, generateForgeKeys, keptForgeKeys } from './forge-keys.js';
import type { ForgeKeys } from './forge-keys.js';

/** How the forge signs: `selector` `ed25519` uses the Ed25519 key, `weak` a 768-bit RSA key, anything else the 2048-bit RSA key. */
export interface ForgeSignature {
  domain: string;
  selector?: string;
  /** Names of the signed header fields; default: From, To, Subject, Date, Message-ID, MIME-Version, Content-Type. */
  headerList?: string[];
  /** Writes an `l=` tag of so many octets. */
  bodyLength?: number;
  signedAt?: Date;
  expiresAt?: Date;
}

export interface ForgedMail {
  from: string;
  to?: string;
  subject?: string;
  text?: string;
  html?: string;
  headers?: Record<string, string>;
  /** Complete header lines put on top before signing: for what no honest composer writes (a second From, for example). */
  rawHeaders?: string[];
  /** false = unsigned; default: the domain of `from`. */
  sign?: ForgeSignature | false;
  /** Added after signing, on top, as the receiving server does; false = none. */
  authenticationResults?: string | false;
  /** The `by` host of the Received line put on top with the results; default `mx.community.test`. */
  receivedBy?: string;
  date?: Date;
  messageId?: string;
}

export interface MailForgeOptions {
  /** Domains whose DNS the forge answers for; `any` = every domain but `*.invalid`. */
  domains: readonly string[] | 'any';
  /** Domains of those above that publish no DMARC record. */
  withoutDmarc?: readonly string[];
  /** Domains whose name servers do not answer (SERVFAIL). */
  failing?: readonly string[];
  /** DMARC record by domain; default `v=DMARC1; p=reject`. */
  dmarcRecords?: Readonly<Record<string, string>>;
  /** Keep the keys in this file, so that mail signed before a restart still verifies. */
  keyFile?: string;
}

const signedHeaders = ['From', 'To', 'Subject', 'Date', 'Message-ID', 'MIME-Version', 'Content-Type'];

/** Makes honestly signed and forged mails, and is the DNS that the signatures are checked against. For tests and the embedded mode. */
export class MailForge {
  private readonly keys: ForgeKeys;

  constructor(private readonly options: MailForgeOptions) {
    this.keys = options.keyFile ? keptForgeKeys(options.keyFile) : generateForgeKeys();
  }

  /** A complete raw RFC 5322 mail with CRLF line ends. */
  async compose(mail: ForgedMail): Promise<Buffer> {
    const composer = new MailComposer({
      from: mail.from,
      to: mail.to ?? 'verify@community.test',
      subject: mail.subject,
      text: mail.text,
      html: mail.html,
      headers: mail.headers,
      date: mail.date ?? new Date(),
      messageId: mail.messageId,
      newline: 'windows',
    });
    const composed = await composer.compile().build();
    const unsigned = Buffer.concat([
      Buffer.from((mail.rawHeaders ?? []).map((line) => `${line}\r\n`).join('')),
      composed,
    ]);
    const signed =
      mail.sign === false ? unsigned : await this.sign(unsigned, mail.sign ?? { domain: domainOf(mail.from) });
    return mail.authenticationResults ? stamp(signed, mail.authenticationResults, mail) : signed;
  }

  /** Puts a DKIM-Signature on top of a raw mail. */
  async sign(raw: Buffer, signature: ForgeSignature): Promise<Buffer> {
    const selector = signature.selector ?? 'rsa';
    const signedAt = signature.signedAt ?? new Date();
    const made = await dkimSign(raw, {
      signingDomain: signature.domain,
      selector,
      privateKey: this.keyOf(selector),
      canonicalization: 'relaxed/relaxed',
      algorithm: selector === 'ed25519' ? 'ed25519-sha256' : 'rsa-sha256',
      // Its types say string[], its code reads a list with colons only and signs its default fields otherwise.
      headerList: (signature.headerList ?? signedHeaders).join(':') as unknown as string[],
      signTime: signedAt,
      expires: signature.expiresAt,
      signatureData: [
        {
          signingDomain: signature.domain,
          selector,
          privateKey: this.keyOf(selector),
          maxBodyLength: signature.bodyLength,
        },
      ],
    });
    const [failure] = made.errors;
    if (failure) throw new Error('the mail could not be signed', { cause: failure });
    return Buffer.concat([Buffer.from(made.signatures), raw]);
  }

  /** The DNS of the forged world, in the shape mailauth takes; throws errors with `code` ENOTFOUND or ESERVFAIL like node:dns. */
  readonly resolver = async (name: string, type: string): Promise<string[][]> => {
    const [, selector, keyDomain] = /^([^.]+)\._domainkey\.(.+)$/.exec(name.toLowerCase()) ?? [];
    const [, policyDomain] = /^_dmarc\.(.+)$/.exec(name.toLowerCase()) ?? [];
    const domain = keyDomain ?? policyDomain ?? name.toLowerCase();
    if (this.options.failing?.includes(domain)) throw dnsError('ESERVFAIL', name);
    if (type !== 'TXT' || !this.answersFor(domain)) throw dnsError('ENOTFOUND', name);
    if (selector) return [[dkimKeyRecord(this.keyOf(selector))]];
    if (policyDomain && !this.options.withoutDmarc?.includes(domain)) {
      return [[this.options.dmarcRecords?.[domain] ?? 'v=DMARC1; p=reject']];
    }
    throw dnsError('ENOTFOUND', name);
  };

  private answersFor(domain: string): boolean {
    const { domains } = this.options;
    return domains === 'any' ? !/(^|\.)invalid$/.test(domain) : domains.includes(domain);
  }

  private keyOf(selector: string): string {
    if (selector === 'ed25519') return this.keys.ed25519;
    return selector === 'weak' ? this.keys.weak : this.keys.rsa;
  }
}

function stamp(signed: Buffer, results: string, mail: ForgedMail): Buffer {
  const by = mail.receivedBy ?? 'mx.community.test';
  const received = `Received: from sender.example ([192.0.2.1]) by ${by} with ESMTPS; ${(mail.date ?? new Date()).toUTCString()}`;
  return Buffer.concat([Buffer.from(`Authentication-Results: ${results}\r\n${received}\r\n`), signed]);
}

function domainOf(from: string): string {
  const [, domain] = /@([^@<>\s]+)>?\s*$/.exec(from) ?? [];
  if (!domain) throw new Error(`no domain in the sender: ${from}`);
  return domain;
}

function dnsError(code: string, name: string): Error {
  return Object.assign(new Error(`queryTxt ${code} ${name}`), { code });
}
