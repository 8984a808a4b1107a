import { canonicalAddress, domainOf } from './email-address.rules.js';

export interface BlacklistEntry {
  /** Lower case. */
  readonly pattern: string;
  readonly kind: 'address' | 'domain' | 'pattern';
}

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
): BlacklistEntry['kind'] | 'disposable' | null {
  const domains = domainAndParents(address);
  const forms = listedForms(address);
  const found = lists.entries.find(({ kind, pattern }) => {
    if (kind === 'address') return forms.includes(pattern);
    return kind === 'domain' ? domains.includes(pattern) : forms.some((form) => matchesGlob(form, pattern));
  });
  if (found) return found.kind;
  return domains.some((domain) => lists.disposable.has(domain)) ? 'disposable' : null;
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
