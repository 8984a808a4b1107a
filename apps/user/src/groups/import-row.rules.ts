import type { importProblems } from '#contracts';
import { isPersonId } from './sighting.rules.js';

export type ImportProblem = (typeof importProblems)[number];

/** Says of each row of a list whether it can be taken, and if not, why. Of two rows for one person the first counts. */
export function judgeRows<Row extends { readonly telegram_id: string }>(
  rows: readonly Row[],
): { row: Row; problem: ImportProblem | null }[] {
  const seen = new Set<string>();
  return rows.map((row) => {
    const id = row.telegram_id.trim();
    const problem = problemOf(id, seen);
    seen.add(id);
    return { row, problem };
  });
}

function problemOf(id: string, seen: ReadonlySet<string>): ImportProblem | null {
  if (!/^-?[0-9]{1,16}$/.test(id)) return 'not_an_id';
  if (!isPersonId(id)) return 'not_a_person';
  return seen.has(id) ? 'twice' : null;
}
