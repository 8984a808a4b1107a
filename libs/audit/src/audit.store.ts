import type { HandledInputOf, SearchAuditLog } from '#contracts';
import type { AuditEntry } from './audit.entry.js';

/** `from` is included, `to` is not; `before_id` is the last id of the page before. */
export type AuditFilter = HandledInputOf<typeof SearchAuditLog>;

export interface AuditPage {
  /** Newest first. */
  readonly items: AuditEntry[];
  /** What to ask for next as `before_id`; null on the last page. */
  readonly nextBeforeId: string | null;
}

/**
 * Who did what (O-04). Entries are added and read, never removed, and never changed but in one way: when a member is erased, what
 * says who it was goes out of them (U-15).
 * Every method rejects with AuditUnavailableError when the engine is away.
 */
export interface AuditStore {
  /** Resolves once the entries are on the disk. An entry whose id is there already is left as it is, so a repeat adds nothing. */
  append(entries: readonly AuditEntry[]): Promise<void>;
  search(filter: AuditFilter): Promise<AuditPage>;
  /** Takes out of every entry about or by a member what says who it was; what was done, when and to which id stays. */
  pseudonymise(userId: number): Promise<void>;
  /** All entries, exactly; it looks at each, so not for every request. */
  count(): Promise<number>;
  ping(): Promise<void>;
  close(): Promise<void>;
}

/** The engine is not there right now; nothing is wrong with the entries. Some of them may have been stored. */
export class AuditUnavailableError extends Error {
  constructor(cause: unknown) {
    super('the audit store is not available', { cause });
    this.name = 'AuditUnavailableError';
  }
}

/** Makes a page of at most `limit` out of up to `limit + 1` rows. */
export function pageOf(items: AuditEntry[], limit: number): AuditPage {
  const page = items.slice(0, limit);
  return { items: page, nextBeforeId: items.length > limit ? (page.at(-1)?.id ?? null) : null };
}

const dayMs = 86_400_000;

/**
 * The ids that entries of a time may have: an id begins with the milliseconds of its making (UUID version 7), so that a search
 * by time walks the same index as every other. A day wider than asked, because the two times need not be the same.
 */
export function idRangeOf({ from, to }: AuditFilter): { from: string | undefined; to: string | undefined } {
  return {
    from: from === undefined ? undefined : idPrefix(Date.parse(from) - dayMs),
    to: to === undefined ? undefined : idPrefix(Date.parse(to) + dayMs),
  };
}

function idPrefix(milliseconds: number): string {
  const hex = Math.max(0, milliseconds).toString(16).padStart(12, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8)}`;
}
