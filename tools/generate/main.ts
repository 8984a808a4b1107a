/**
 * Writes the generated files; with --check writes nothing, prints what differs and exits 1.
 * Run it by `npm run generate`: see source.loader.mjs for how the sources are compiled.
 */
import { resolve } from 'node:path';
import { describeDifference } from './difference.text.js';
import { apply, differences, loadGenerators } from './generator.js';

const root = resolve(import.meta.dirname, '../..');
const check = process.argv.includes('--check');
const generators = await loadGenerators(import.meta.dirname);
const found = (await Promise.all(generators.map((generator) => differences(generator, root)))).flat();

if (check) {
  for (const difference of found) console.log(describeDifference(difference));
  if (found.length > 0) console.log('Run `npm run generate` and commit the result.');
} else {
  await apply(found, root);
  for (const { kind, path } of found) console.log(`${kind === 'left-over' ? 'removed' : 'written'} ${path}`);
}
console.log(`${generators.length} generators, ${found.length} ${check ? 'stale' : 'updated'} files`);
// Generators may load whole applications, whose timers must not keep this process alive.
process.exit(check && found.length > 0 ? 1 : 0);
