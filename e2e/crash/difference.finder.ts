/** Each name of `wanted` is in `found` exactly once, and no other name is; one sentence per difference. */
export function differences(what: string, wanted: readonly string[], found: readonly string[]): string[] {
  const counts = new Map<string, number>();
  for (const name of found) counts.set(name, (counts.get(name) ?? 0) + 1);
  const missing = wanted.filter((name) => !counts.has(name)).map((name) => `${what}: missing ${name}`);
  const doubled = [...counts]
    .filter(([, count]) => count > 1)
    .map(([name, count]) => `${what}: ${count} times ${name}`);
  const known = new Set(wanted);
  const orphans = [...counts.keys()].filter((name) => !known.has(name)).map((name) => `${what}: unexpected ${name}`);
  return [...missing, ...doubled, ...orphans];
}

/** The name of a fact: its values in a fixed order. */
export function nameOf(...values: unknown[]): string {
  return JSON.stringify(values);
}
