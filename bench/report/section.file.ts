import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { MachineFacts } from '../machine/machine.facts.js';

/** Stores a result beside the others, under the name of its mode. */
export function storeResultFile(root: string, mode: string, result: object): void {
  const directory = join(root, 'bench/results');
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, `${mode}.json`), `${JSON.stringify(result, null, 2)}\n`);
}

/** Renews the part of a report that its mode writes; the words around it are people's. */
export function renewSection(path: string, mode: string, text: string): void {
  const [begin, end] = [`<!-- ${mode}: written by npm run bench -- ${mode} -->`, `<!-- end of ${mode} -->`];
  const whole = readFileSync(path, 'utf8');
  const [from, until] = [whole.indexOf(begin), whole.indexOf(end)];
  if (from < 0 || until < from) throw new Error(`${path} has no section ${mode}`);
  writeFileSync(path, `${whole.slice(0, from + begin.length)}\n\n${text}\n\n${whole.slice(until)}`);
}

/** When and on what it was measured. */
export function measuredOn(measuredAt: string, { cores, processor, node, database, loadBefore }: MachineFacts): string {
  return (
    `Measured ${measuredAt} on ${cores} cores (${processor}), Node ${node}, ${database}; ` +
    `load average before the run ${loadBefore}.`
  );
}
