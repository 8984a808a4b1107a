import { domainToASCII } from 'node:url';
import { canonicalAddress, domainOf, isAcceptableAddress } from './email-address.rules.js';

export interface BlacklistEntry {
  /** Lower case. */
  readonly pattern: string;
  readonly kind: 'address' | 'domain' | 'pattern';
}

/** What forbids an address. */
export interface Blocking {
  readonly kind: BlacklistEntry['kind'] | 'disposable';
  readonly pattern: string;
}

/** Patterns are tried one by one on every address, so there is an end to them. */
export const patternsAtMost = 1_000;
const patternCharactersAtMost = 128;
const starsAtMost = 8;
/** With fewer characters beside the stars a pattern would forbid whole alphabets. */
const plainCharactersAtLeast = 3;

/** Levels of a domain that are looked at: `mail.sub.example.com` belongs to `example.com` too. */
export const domainLevelsAtMost = 8;

/** The domain and the domains above it, without the last label alone: `a.b.example` gives `a.b.example`, `b.example`. */
export function domainAndParents(address: string): string[] {
  const labels = domainOf(address).split('.');
  const domains = labels.slice(0, -1).map((_, index) => labels.slice(index).join('.'));
  return domains.slice(-domainLevelsAtMost);
}

/** The texts under which an address may be listed: as typed and canonical. */
export function listedForms(address: string): [string, string] {
  return [address.trim().toLowerCase(), canonicalAddress(address)];
}

/** Why no code is issued for an address, or null (U-08). A domain's entry holds for the domains below it. */
export function blockedBy(
  address: string,
  lists: { disposable: ReadonlySet<string>; entries: readonly BlacklistEntry[] },
): Blocking | null {
  const domains = domainAndParents(address);
  const forms = listedForms(address);
  const found = lists.entries.find(({ kind, pattern }) => {
    if (kind === 'address') return forms.includes(pattern);
    return kind === 'domain' ? domains.includes(pattern) : forms.some((form) => matchesGlob(form, pattern));
  });
  if (found) return found;
  const disposable = domains.find((domain) => lists.disposable.has(domain));
  return disposable === undefined ? null : { kind: 'disposable', pattern: disposable };
}

/** `*` stands for any text. One pass, so that no pattern can make it slow. */
export function matchesGlob(text: string, pattern: string): boolean {
  const [first = '', ...rest] = pattern.split('*');
  const last = rest.pop();
  if (last === undefined) return text === first;
  if (!text.startsWith(first)) return false;
  let position = first.length;
  for (const part of rest) {
    const found = text.indexOf(part, position);
    if (found < 0) return false;
    position = found + part.length;
  }
  return text.length - last.length >= position && text.endsWith(last);
}

/** An entry in the form in which it is compared, whatever spelling an admin typed; null when it could never fit, or fits too much. */
export function entryOf(kind: BlacklistEntry['kind'], typed: string): BlacklistEntry | null {
  const text = typed.trim().toLowerCase();
  const pattern = kind === 'address' ? addressEntry(text) : kind === 'domain' ? domainEntry(text) : patternEntry(text);
  return pattern === null ? null : { kind, pattern };
}

function addressEntry(text: string): string | null {
  return isAcceptableAddress(text) ? canonicalAddress(text) : null;
}

function domainEntry(text: string): string | null {
  const domain = domainToASCII(text.replace(/^(?:@|\*\.)/, ''));
  const labels = domain.split('.');
  const isDomain = labels.length > 1 && labels.every((label) => /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/.test(label));
  return isDomain && labels.length <= domainLevelsAtMost ? domain : null;
}

function patternEntry(text: string): string | null {
  const pattern = text.replace(/\*{2,}/g, '*');
  if (!/^[a-z0-9._%+@*-]+$/.test(pattern) || pattern.length > patternCharactersAtMost) return null;
  const stars = pattern.split('*').length - 1;
  const fits = stars <= starsAtMost && pattern.length - stars >= plainCharactersAtLeast;
  return fits ? pattern : null;
}
