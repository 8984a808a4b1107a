import type { Locale } from '#contracts';
import type { Reader } from '#database';
import { readingLanguage } from './broadcast.rules.js';
import { segmentOf, textsOf, type BroadcastRow } from './broadcast.store.js';
import { segmentFilter } from './segment.store.js';

export interface Audience {
  /** Reachable, and there is a text they read. */
  readonly recipients: number;
  readonly leftOut: number;
  readonly unreachable: number;
  readonly byLocale: readonly { locale: Locale; members: number; reads: Locale | null }[];
}

/** Whom a broadcast would reach now. */
export async function measureAudience(reader: Reader, row: BroadcastRow, now: Date): Promise<Audience> {
  const { where, values } = segmentFilter(segmentOf(row), now);
  const rows = await reader.query<{ locale: Locale; members: number | string; blocked: number | string | null }>(
    `SELECT c.locale, COUNT(*) AS members, SUM(CASE WHEN c.telegram_blocked_at IS NULL THEN 0 ELSE 1 END) AS blocked
     FROM contacts c WHERE ${where} GROUP BY c.locale ORDER BY c.locale`,
    values,
  );
  const texts = textsOf(row);
  const byLocale = rows.map(({ locale, members, blocked }) => ({
    locale,
    members: Number(members) - Number(blocked ?? 0),
    reads: readingLanguage(locale, texts, row.fallback),
  }));
  const sum = (wanted: (reads: Locale | null) => boolean): number =>
    byLocale.filter(({ reads }) => wanted(reads)).reduce((total, { members }) => total + members, 0);
  return {
    recipients: sum((reads) => reads !== null),
    leftOut: sum((reads) => reads === null),
    unreachable: rows.reduce((total, { blocked }) => total + Number(blocked ?? 0), 0),
    byLocale,
  };
}

export interface Candidate {
  readonly user_id: number;
  readonly locale: Locale;
}

/** The next reachable members of the segment, by id. */
export function nextCandidates(reader: Reader, row: BroadcastRow, limit: number, now: Date): Promise<Candidate[]> {
  const { where, values } = segmentFilter(segmentOf(row), now);
  return reader.query<Candidate>(
    `SELECT c.user_id, c.locale FROM contacts c
     WHERE c.user_id > ? AND c.telegram_blocked_at IS NULL AND ${where} ORDER BY c.user_id LIMIT ${Math.trunc(limit)}`,
    [row.gone_through, ...values],
  );
}
