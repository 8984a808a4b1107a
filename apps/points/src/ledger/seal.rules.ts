import { createHash } from 'node:crypto';
import type { SealProblem } from '#contracts';

/** A record as it is sealed: every column, as text, in one order. */
export interface SealedRow {
  readonly id: number;
  readonly user_id: number;
  readonly points: number;
  readonly type: number;
  readonly description: string | null;
  readonly balance_after: number;
  readonly idempotency_key: string;
  readonly reverses_id: number | null;
  readonly created_at: string;
}

export interface SealRange {
  readonly first_id: number;
  readonly last_id: number;
}

export interface Seal extends SealRange {
  readonly id: number;
  readonly records: number;
  readonly previous_digest: string;
  readonly digest: string;
}

/** What the first seal follows. */
export const nothingSealed: Pick<Seal, 'id' | 'last_id' | 'digest'> = { id: 0, last_id: 0, digest: '' };

/** The digest of a range: of the digest before, the range itself (so that ids without a row stay without one), and every row. */
export function digestOf(previousDigest: string, { first_id, last_id }: SealRange, rows: readonly SealedRow[]): string {
  const hash = createHash('sha256');
  hash.update(JSON.stringify([previousDigest, first_id, last_id, rows.length]));
  for (const row of rows) {
    const { id, user_id, points, type, description, balance_after, idempotency_key, reverses_id, created_at } = row;
    const values = [id, user_id, points, type, description, balance_after, idempotency_key, reverses_id, created_at];
    hash.update(`\n${JSON.stringify(values)}`);
  }
  return hash.digest('hex');
}

/**
 * How many of the rows behind the last seal can be sealed. An id that is missing belongs to a posting that was rolled back, or to one
 * that is still under way and will appear: it is passed over only when the row behind it is older than `settledBefore`.
 */
export function sealableRows(lastId: number, rows: readonly SealedRow[], settledBefore: string): number {
  let expected = lastId + 1;
  for (const [index, { id, created_at }] of rows.entries()) {
    if (id !== expected && created_at >= settledBefore) return index;
    expected = id + 1;
  }
  return rows.length;
}

/** What is wrong with a seal and the rows under it; null when nothing is. */
export function sealProblem(
  seal: Seal,
  previous: Pick<Seal, 'last_id' | 'digest'>,
  rows: readonly SealedRow[],
): SealProblem | null {
  if (seal.first_id !== previous.last_id + 1) return 'seal_missing';
  if (seal.previous_digest !== previous.digest) return 'chain_broken';
  if (digestOf(seal.previous_digest, seal, rows) === seal.digest) return null;
  if (rows.length < seal.records) return 'row_removed';
  return rows.length > seal.records ? 'row_inserted' : 'row_changed';
}
