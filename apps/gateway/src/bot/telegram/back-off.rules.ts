const firstMs = 500;
const longestMs = 60_000;

/** The pause after the n-th failure in a row (from 1), `chance` in 0..1 so that replicas do not come back in step. */
export function backOffMs(failures: number, chance: number): number {
  const fullMs = Math.min(longestMs, firstMs * 2 ** Math.min(failures - 1, 20));
  return Math.round(fullMs * (0.75 + chance / 4));
}
