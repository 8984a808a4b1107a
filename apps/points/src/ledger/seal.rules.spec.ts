import { describe, expect, it } from 'vitest';
import { digestOf, nothingSealed, sealableRows, sealProblem, type Seal, type SealedRow } from './seal.rules.js';

const old = '2026-03-01 08:00:00.000';
const recent = '2026-03-01 09:00:00.000';
const settledBefore = '2026-03-01 08:30:00.000';

function row(id: number, created_at = old): SealedRow {
  const facts = { user_id: 7, points: 10, type: 1, description: null, balance_after: 10 * id, reverses_id: null };
  return { id, ...facts, idempotency_key: `k:${id}`, created_at };
}

function sealOf(rows: readonly SealedRow[], previous = nothingSealed): Seal {
  const range = { first_id: previous.last_id + 1, last_id: rows.at(-1)?.id ?? 0 };
  const digest = digestOf(previous.digest, range, rows);
  return { id: previous.id + 1, ...range, records: rows.length, previous_digest: previous.digest, digest };
}

describe('what can be sealed (P-01)', () => {
  it('is everything without a gap, however new', () => {
    expect(sealableRows(4, [row(5, recent), row(6, recent)], settledBefore)).toBe(2);
    expect(sealableRows(4, [], settledBefore)).toBe(0);
  });

  it('ends before a gap whose posting may still be under way, and passes one that has settled', () => {
    expect(sealableRows(4, [row(5), row(7, recent), row(8, recent)], settledBefore)).toBe(1);
    expect(sealableRows(4, [row(6, recent)], settledBefore)).toBe(0);
    expect(sealableRows(4, [row(6), row(8), row(9, recent)], settledBefore)).toBe(3);
  });
});

describe('a seal', () => {
  const rows = [row(1), row(2), row(4)];
  const first = sealOf(rows);
  const second = sealOf([row(5)], first);

  it('holds while nothing changes', () => {
    expect(sealProblem(first, nothingSealed, rows)).toBeNull();
    expect(sealProblem(second, first, [row(5)])).toBeNull();
  });

  it.each([
    ['points', 11],
    ['user_id', 8],
    ['type', 2],
    ['description', ''],
    ['balance_after', 21],
    ['idempotency_key', 'k:3'],
    ['reverses_id', 1],
    ['created_at', recent],
    ['id', 3],
  ])('breaks when %s of a row becomes %j', (column, value) => {
    const changed = [row(1), { ...row(2), [column]: value }, row(4)];
    expect(sealProblem(first, nothingSealed, changed)).toBe('row_changed');
  });

  it('tells a row that was removed from one that was put into a gap', () => {
    expect(sealProblem(first, nothingSealed, [row(1), row(4)])).toBe('row_removed');
    expect(sealProblem(first, nothingSealed, [row(1), row(2), row(3), row(4)])).toBe('row_inserted');
    expect(sealProblem(first, nothingSealed, [row(1), row(3), row(4)])).toBe('row_changed');
  });

  it('breaks when one before it was removed or made anew', () => {
    expect(sealProblem(second, nothingSealed, [row(5)])).toBe('seal_missing');
    const forged = sealOf([row(1), { ...row(2), points: 1000 }, row(4)]);
    expect(sealProblem(forged, nothingSealed, [row(1), { ...row(2), points: 1000 }, row(4)])).toBeNull();
    expect(sealProblem(second, forged, [row(5)])).toBe('chain_broken');
  });
});
