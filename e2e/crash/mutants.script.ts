import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { mutants, plantedIn, type Mutant } from './mutants.js';

/**
 * Runs the crash test against builds with a planted bug each and reports which it found; `npm run services -- up` and
 * `npm run build` come first. Arguments: parts of the names of the mutants to run; all when there is none.
 */
const root = resolve(import.meta.dirname, '../..');
const runTimeoutMs = 600_000;
const members = process.env['CRASH_MEMBERS'] ?? '300';

/** A copy of the build with the bug in it. */
function plant(mutant: Mutant): string {
  const directory = mkdtempSync(join(tmpdir(), 'coser-mutant-'));
  for (const linked of ['node_modules', 'locales']) symlinkSync(join(root, linked), join(directory, linked));
  cpSync(join(root, 'dist'), join(directory, 'dist'), { recursive: true });
  cpSync(join(root, 'package.json'), join(directory, 'package.json'));
  const path = join(directory, 'dist', mutant.file);
  writeFileSync(path, plantedIn(readFileSync(path, 'utf8'), mutant));
  return directory;
}

function engineVariables(): Record<string, string> {
  const services = resolve(process.env['SERVICES_DIRECTORY'] ?? join(root, '.services'));
  const urls = JSON.parse(readFileSync(join(services, 'env.json'), 'utf8')) as Record<string, string>;
  return Object.fromEntries(Object.entries(urls).map(([name, value]) => [`TEST_${name}`, value]));
}

function runAgainst(directory: string): { found: boolean; signs: string[] } {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [
      'node_modules/vitest/vitest.mjs',
      'run',
      '--project',
      'e2e',
      'e2e/crash.e2e-spec.ts',
      '-t',
      'keeps every accepted',
    ],
    {
      cwd: root,
      encoding: 'utf8',
      timeout: runTimeoutMs,
      maxBuffer: 64 * 1024 * 1024,
      env: { ...process.env, ...engineVariables(), E2E_BUILD_ROOT: directory, CRASH_MEMBERS: members },
    },
  );
  const text = `${stdout}\n${stderr}`;
  const checks =
    'answer|check_ins|point_|books|orders|stock|participants|activities|users|audit|deliveries|outbox|queue|faults';
  const sign = `\\+ {3}"?((?:${checks})[^\\n]*|[^\\n]*by itself[^\\n]*)`;
  const signs = [...text.matchAll(new RegExp(sign, 'g'))].map((match) => match[1] ?? '');
  const other = /(\S+ got no answer in[^\n]*|\S+ ended by itself[^\n]*)/.exec(text)?.[1];
  return { found: status !== 0, signs: signs.length > 0 ? signs : other ? [other] : [] };
}

const wanted = mutants.filter(({ name }) => {
  const parts = process.argv.slice(2);
  return parts.length === 0 || parts.some((part) => name.includes(part));
});
for (const mutant of wanted) {
  const directory = plant(mutant);
  const startedAt = performance.now();
  const { found, signs } = runAgainst(directory);
  const seconds = Math.round((performance.now() - startedAt) / 1000);
  process.stdout.write(`${found ? 'found' : 'SURVIVED'}  ${mutant.name}  (${seconds} s, ${signs.length} signs)\n`);
  for (const sign of signs.slice(0, 2)) process.stdout.write(`    ${sign.slice(0, 160)}\n`);
  rmSync(directory, { recursive: true, force: true });
  if (!found) process.exitCode = 1;
}
