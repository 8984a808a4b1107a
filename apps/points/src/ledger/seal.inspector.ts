import type { SealProblem } from '#contracts';
import type { Reader } from '#database';
import { nothingSealed, sealProblem, type Seal, type SealedRow } from './seal.rules.js';

export interface FoundSealProblem {
  readonly sealId: number;
  readonly firstId: number;
  readonly lastId: number;
  readonly problem: SealProblem;
}

export interface Verification {
  readonly seals: number;
  readonly records: number;
  readonly problems: readonly FoundSealProblem[];
  /** Where to go on; null at the end. */
  readonly nextAfter: number | null;
  readonly digest: string;
}

const sealColumns = 'id, first_id, last_id, records, previous_digest, digest';
const recordColumns = 'id, user_id, points, type, description, balance_after, idempotency_key, reverses_id, created_at';

export async function lastSeal(reader: Reader): Promise<Pick<Seal, 'id' | 'last_id' | 'digest'>> {
  const sql = `SELECT ${sealColumns} FROM ledger_seals ORDER BY id DESC LIMIT 1`;
  return (await reader.one<Seal>(sql)) ?? nothingSealed;
}

/** Records in the order of their ids. */
export function recordsBehind(reader: Reader, lastId: number, limit: number): Promise<SealedRow[]> {
  return reader.query<SealedRow>(
    `SELECT ${recordColumns} FROM point_records WHERE id > ? ORDER BY id LIMIT ${Math.trunc(limit)}`,
    [lastId],
  );
}

/** Checks seals behind `after`, at most `limit`: finds a row that was changed, removed or inserted after it was sealed (P-01). */
export async function verifySeals(reader: Reader, after: number, limit: number): Promise<Verification> {
  const seals = await reader.query<Seal>(
    `SELECT ${sealColumns} FROM ledger_seals WHERE id > ? ORDER BY id LIMIT ${Math.trunc(limit)}`,
    [after],
  );
  const before = await reader.one<Seal>(
    `SELECT ${sealColumns} FROM ledger_seals WHERE id <= ? ORDER BY id DESC LIMIT 1`,
    [after],
  );
  let previous: Pick<Seal, 'id' | 'last_id' | 'digest'> = before ?? nothingSealed;
  let records = 0;
  const problems: FoundSealProblem[] = [];
  for (const seal of seals) {
    const rows = await reader.query<SealedRow>(
      `SELECT ${recordColumns} FROM point_records WHERE id >= ? AND id <= ? ORDER BY id`,
      [seal.first_id, seal.last_id],
    );
    records += rows.length;
    const problem = sealProblem(seal, previous, rows);
    if (problem) problems.push({ sealId: seal.id, firstId: seal.first_id, lastId: seal.last_id, problem });
    previous = seal;
  }
  const nextAfter = seals.length === limit ? previous.id : null;
  return { seals: seals.length, records, problems, nextAfter, digest: previous.digest };
}
