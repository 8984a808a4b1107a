import { domainToASCII } from 'node:url';

/** Characters of the longest address that is accepted. */
const maxAddressLength = 128;

const addressPattern = /^[a-zA-Z0-9._%+-]+@[a-zA-Z0-9.-]+\.[a-zA-Z]{2,}$/;

/** Domains under which one provider delivers to the same mailboxes, by the one that names them. */
const domainsOfMailboxes: Record<string, readonly string[]> = {
  'gmail.com': ['googlemail.com'],
  'yandex.ru': ['ya.ru', 'narod.ru', 'yandex.com', 'yandex.by', 'yandex.kz', 'yandex.ua', 'yandex.com.tr'],
  'proton.me': ['protonmail.com', 'protonmail.ch', 'pm.me'],
  'icloud.com': ['me.com', 'mac.com'],
};
const namingDomains = new Map(
  Object.entries(domainsOfMailboxes).flatMap(([name, others]) => others.map((other) => [other, name] as const)),
);

/** Domains where everything behind `+` in the local part is a tag of the same mailbox. */
const taggingDomains = new Set([...Object.keys(domainsOfMailboxes), 'fastmail.com', 'fastmail.fm', 'msn.com']);

/** Providers with one domain per country that all treat `+` the same: the label before the ending. */
const taggingLabels = /^(outlook|hotmail|live|yandex)\.(com|[a-z]{2}|com?\.[a-z]{2})$/;

/** The format rule of U-08. */
export function isAcceptableAddress(address: string): boolean {
  return address.length <= maxAddressLength && addressPattern.test(address);
}

/** The domain of an address in lower-case ASCII form, `''` when there is none. */
export function domainOf(address: string): string {
  return asciiDomain(splitAddress(address).domain);
}

/**
 * The form under which an address is unique: two spellings that reach one mailbox at a known provider are equal. Unknown
 * domains keep dots and tags, because there they may be two persons. The typed form is what mail is sent to.
 */
export function canonicalAddress(address: string): string {
  const { local, domain: typedDomain } = splitAddress(address);
  const asciiName = asciiDomain(typedDomain);
  const domain = namingDomains.get(asciiName) ?? asciiName;
  if (!domain) return local.toLowerCase();
  let mailbox = local.toLowerCase();
  if (taggingDomains.has(domain) || taggingLabels.test(domain)) mailbox = withoutTag(mailbox);
  if (domain === 'gmail.com') mailbox = mailbox.replaceAll('.', '');
  // There a dot and a dash are the same letter of a login.
  if (domain === 'yandex.ru') mailbox = mailbox.replaceAll('.', '-');
  return `${mailbox}@${domain}`;
}

/** `alice@example.com` as `a***e@example.com`: recognisable to its owner only. */
export function maskAddress(address: string): string {
  const { local, domain } = splitAddress(address);
  const last = local.length > 2 ? local.slice(-1) : '';
  const masked = `${local.slice(0, 1)}***${last}`;
  return domain ? `${masked}@${domain}` : masked;
}

function splitAddress(address: string): { local: string; domain: string } {
  const normal = address.normalize('NFKC').trim();
  const at = normal.lastIndexOf('@');
  return at < 0 ? { local: normal, domain: '' } : { local: normal.slice(0, at), domain: normal.slice(at + 1) };
}

function asciiDomain(domain: string): string {
  return domainToASCII(domain) || domain.toLowerCase();
}

function withoutTag(local: string): string {
  const plus = local.indexOf('+');
  return plus > 0 ? local.slice(0, plus) : local;
}
