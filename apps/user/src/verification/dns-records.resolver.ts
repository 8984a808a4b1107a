import { Resolver } from 'node:dns/promises';

/** The DNS look-up that mailauth takes: TXT records as arrays of strings; errors carry node's `code`. */
export type DnsResolver = (name: string, type: string) => Promise<string[][]>;

export interface CachingResolverOptions {
  /** How long an answer or a firm "no such record" is kept. */
  keepMs?: number;
  maxEntries?: number;
  /** Milliseconds since the epoch. */
  now?: () => number;
}

interface Entry {
  answer: Promise<string[][]>;
  until: number;
}

const firmFailures = new Set(['ENOTFOUND', 'ENODATA']);

/**
 * TXT look-ups in the system's DNS (or at `servers`, `address:port`), bounded in time; a silent name server is an ETIMEOUT,
 * which is worth another try later.
 */
export function systemResolver(timeoutMs = 5_000, servers: readonly string[] = []): DnsResolver {
  const resolver = new Resolver({ timeout: timeoutMs, tries: 2 });
  if (servers.length > 0) resolver.setServers(servers);
  return async (name, type) => {
    if (type !== 'TXT') throw Object.assign(new Error(`unexpected query ${type} ${name}`), { code: 'ENODATA' });
    return resolver.resolveTxt(name);
  };
}

/**
 * Keeps answers, so that a burst of mails from one provider asks its keys once. Failures of the network are not kept: the
 * next try must reach the name server again.
 */
export function cachingResolver(resolve: DnsResolver, options: CachingResolverOptions = {}): DnsResolver {
  const { keepMs = 300_000, maxEntries = 1_000, now = Date.now } = options;
  const entries = new Map<string, Entry>();
  return (name, type) => {
    const key = `${type} ${name.toLowerCase()}`;
    const kept = entries.get(key);
    if (kept && kept.until > now()) return kept.answer;
    const entry: Entry = { answer: resolve(name, type), until: now() + keepMs };
    entries.delete(key);
    entries.set(key, entry);
    const [oldest] = entries.keys();
    if (entries.size > maxEntries && oldest !== undefined) entries.delete(oldest);
    entry.answer.catch((error: NodeJS.ErrnoException) => {
      if (!firmFailures.has(error.code ?? '') && entries.get(key) === entry) entries.delete(key);
    });
    return entry.answer;
  };
}
