/**
 * `npm run check`: everything that can be said about the sources without running an engine, two steps at a time.
 * One line per step with its seconds; what failed is printed in full at the end, and the exit code is 1.
 */
import { spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const cache = join('node_modules', '.cache', 'check');
const PARALLEL = 2;
const STEP_TIMEOUT_MS = 600_000;

/** A program of node_modules, run by this Node: no shell, no npx. */
const program = (path, ...args) => [join('node_modules', path), ...args];
const vitest = (folder) => program('vitest/vitest.mjs', 'run', '--project', 'unit', '--reporter', 'dot', `${folder}/`);
const sources = '{apps,libs,e2e,bench,tools}/**/*.{ts,js,mjs,cjs}';

/** The slowest first, so that both cores end together. */
const steps = [
  {
    name: 'lint',
    args: program(
      'eslint/bin/eslint.js',
      '.',
      '--cache',
      '--cache-strategy',
      'content',
      '--cache-location',
      join(cache, 'eslint'),
    ),
  },
  {
    name: 'types',
    args: program(
      'typescript/bin/tsc',
      '--noEmit',
      '--incremental',
      '--tsBuildInfoFile',
      join(cache, 'types.tsbuildinfo'),
    ),
  },
  {
    name: 'format',
    args: program(
      'prettier/bin/prettier.cjs',
      '--log-level',
      'warn',
      '--check',
      sources,
      '*.{ts,js,cjs}',
      '--no-error-on-unmatched-pattern',
    ),
  },
  {
    name: 'generated files',
    args: [
      '--conditions=source',
      '--import',
      './tools/generate/source.loader.mjs',
      'tools/generate/main.ts',
      '--check',
    ],
  },
  { name: 'dependency rules', args: vitest('tools/rules') },
  { name: 'tidy', args: vitest('tools/tidy') },
  { name: 'locales', args: vitest('tools/locales') },
  { name: 'documents', args: vitest('tools/docs') },
];

/** Runs one step; resolves with its result, never rejects. */
function run({ name, args }) {
  const startedAt = Date.now();
  return new Promise((resolve) => {
    const child = spawn(process.execPath, args, {
      cwd: root,
      env: { ...process.env, NO_COLOR: '1', FORCE_COLOR: undefined },
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: STEP_TIMEOUT_MS,
    });
    const output = [];
    const end = (ok, note) =>
      resolve({ name, ok, output: output.join('') + note, seconds: (Date.now() - startedAt) / 1000 });
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text) => output.push(text));
    child.on('error', (error) => end(false, String(error)));
    child.on('close', (code, signal) =>
      end(code === 0, signal ? `stopped by ${signal} after ${STEP_TIMEOUT_MS} ms` : ''),
    );
  });
}

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !steps.some((step) => step.name === name));
if (unknown.length > 0) {
  console.error(`No such step: ${unknown.join(', ')}. Steps: ${steps.map(({ name }) => name).join(', ')}`);
  process.exit(2);
}

mkdirSync(join(root, cache), { recursive: true });
const startedAt = Date.now();
const waiting = steps.filter(({ name }) => wanted.length === 0 || wanted.includes(name));
const results = [];
const line = (mark, name, seconds) => console.log(`${mark} ${name.padEnd(18)} ${seconds.toFixed(1).padStart(5)} s`);

/** Takes the next waiting step until none is left. */
async function work() {
  for (let step = waiting.shift(); step; step = waiting.shift()) {
    const result = await run(step);
    results.push(result);
    line(result.ok ? 'ok  ' : 'FAIL', result.name, result.seconds);
  }
}

await Promise.all(Array.from({ length: PARALLEL }, work));
const failed = results.filter(({ ok }) => !ok);
for (const { name, output } of failed) console.log(`\n--- ${name} ---\n${output.trim()}`);
line(failed.length > 0 ? 'FAIL' : 'ok  ', 'all', (Date.now() - startedAt) / 1000);
process.exitCode = failed.length > 0 ? 1 : 0;
