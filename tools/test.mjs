/**
 * What `npm test` runs, also on a fresh clone: install, build, start the engines, run the suites, end the engines.
 * Arguments are passed on to vitest (`npm test -- pattern`); `--embedded` runs without any engine.
 * Plain JavaScript, because nothing is installed when it starts.
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, utimesSync } from 'node:fs';
import { constants } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readSkippedSuites } from './test/skipped.summary.mjs';
import { needsBuild, needsInstall } from './test/staleness.check.mjs';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const services = resolve(process.env.SERVICES_DIRECTORY ?? join(root, '.services'));
const reports = join(services, 'reports');
const isEmbedded = process.argv.includes('--embedded');
const filters = process.argv.slice(2).filter((argument) => argument !== '--embedded');

const suites = [
  { name: 'unit and integration', projects: ['unit', 'integration'] },
  { name: 'e2e', projects: ['e2e', 'e2e-alone'] },
];

/** The first code other than 0, each phase's time, what failed or was left out, and the process that is running now. */
const state = { exitCode: 0, timings: [], failures: [], notRun: [], child: undefined, signal: undefined };

function fail(code) {
  if (state.exitCode === 0) state.exitCode = code;
}

/** Runs a program in the project's root; resolves to its exit code and, when captured, its output. */
function run(command, args, { env = process.env, capture = false, detached = false } = {}) {
  return new Promise((finish) => {
    const stdio = ['ignore', capture ? 'pipe' : 'inherit', 'inherit'];
    const child = spawn(command, args, { cwd: root, env, detached, stdio });
    state.child = child;
    let output = '';
    child.stdout?.setEncoding('utf8').on('data', (text) => (output += text));
    child.once('error', (error) => finish({ code: 1, output: String(error) }));
    child.once('close', (code, signal) => finish({ code: code ?? 128 + (constants.signals[signal] ?? 1), output }));
  });
}

function runServices(args, options) {
  return run(process.execPath, ['--import', 'tsx', 'tools/services/main.ts', ...args], options);
}

/** Runs one phase with its time; returns whether it succeeded. After a signal no phase is begun. */
async function phase(name, work) {
  if (state.signal !== undefined) return false;
  process.stdout.write(`\n== ${name}\n`);
  const startedAt = performance.now();
  const code = await work();
  state.timings.push({ name, seconds: (performance.now() - startedAt) / 1000, code });
  if (code !== 0) fail(code);
  return code === 0;
}

async function build() {
  const startedAt = new Date();
  const { code } = await run('npm', ['run', 'build']);
  // The compiler leaves its notes untouched when a source has a new date but the same text.
  const notes = join(root, 'dist/.tsbuildinfo');
  if (code === 0 && existsSync(notes)) utimesSync(notes, startedAt, startedAt);
  return code;
}

/** Names of engines that are up. */
async function enginesUp() {
  const { code, output } = await runServices(['status', '--json'], { capture: true });
  const outcomes = code === 0 ? JSON.parse(output.trim().split('\n').at(-1)) : [];
  return outcomes.filter((outcome) => outcome.state === 'up').map((outcome) => outcome.name);
}

/**
 * The environment of the suites: engines are named `TEST_MYSQL_URL` and so on, and no longer `MYSQL_URL`, so that
 * suites of embedded parts stay embedded.
 */
function suiteEnvironment() {
  const path = join(services, 'env.json');
  const urls = !isEmbedded && existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : {};
  const plain = /^(MYSQL|RABBITMQ|RABBITMQ_MANAGEMENT|RABBITMQ_PROMETHEUS|REDIS|MONGODB|IMAP)_URL$/;
  const kept = Object.entries(process.env).filter(([name]) => !plain.test(name));
  const tests = Object.entries(urls).map(([name, value]) => [`TEST_${name}`, value]);
  return Object.fromEntries([...kept, ...tests]);
}

async function runSuite({ name, projects }) {
  const report = join(reports, `${projects.join('-')}.json`);
  const failures = join(reports, `${projects.join('-')}.failures.json`);
  for (const path of [report, failures]) rmSync(path, { force: true });
  const { code } = await run(
    process.execPath,
    [
      'node_modules/vitest/vitest.mjs',
      'run',
      ...projects.flatMap((project) => ['--project', project]),
      '--reporter=default',
      '--reporter=json',
      '--reporter=./tools/test/failures.reporter.mjs',
      `--outputFile.json=${report}`,
      ...(filters.length > 0 ? ['--passWithNoTests', ...filters] : []),
    ],
    { env: { ...suiteEnvironment(), TEST_FAILURES_FILE: failures } },
  );
  if (existsSync(failures)) state.failures.push(...JSON.parse(readFileSync(failures, 'utf8')));
  state.notRun.push(...readSkippedSuites(report, root));
  if (!existsSync(report)) state.notRun.push(`${name}: no report was written`);
  return code;
}

async function runAll() {
  if (needsInstall(root) && !(await phase('install', async () => (await run('npm', ['ci'])).code))) return;
  if (needsBuild(root) && !(await phase('build', build))) return;
  mkdirSync(reports, { recursive: true });
  const before = isEmbedded ? [] : await enginesUp();
  try {
    // Suites that need an engine that is not there are left out and named; the exit code tells of it all the same.
    if (!isEmbedded) await phase('engines up', async () => (await runServices(['up'])).code);
    for (const suite of suites) await phase(suite.name, () => runSuite(suite));
  } finally {
    if (!isEmbedded) await endEngines(before);
  }
}

/** Ends the engines that this run has started; in a process group of its own, so that Ctrl-C does not reach it. */
async function endEngines(before) {
  const all = ['mariadb', 'rabbitmq', 'redis', 'dovecot', 'mongodb', 'prometheus'];
  const after = await enginesUp();
  if (!isEmbedded) state.notRun.push(...all.filter((name) => !after.includes(name)).map((name) => `engine ${name}`));
  const own = all.filter((name) => !before.includes(name));
  if (own.length === 0) return;
  const { code } = await runServices(['down', ...own], { detached: true });
  if (code !== 0) fail(code);
}

function summarize() {
  const lines = state.timings.map(
    ({ name, seconds, code }) => `  ${name}: ${seconds.toFixed(1)} s${code === 0 ? '' : `, exit code ${code}`}`,
  );
  const reached = state.timings.map(({ name }) => name);
  const unreached = suites
    .filter(({ name }) => !reached.includes(name))
    .map(({ name }) => `suites ${name}: not reached`);
  const notRun = [...unreached, ...state.notRun, ...(isEmbedded ? ['engines: none (--embedded)'] : [])];
  const left = notRun.length === 0 ? ['not run: nothing'] : ['not run:', ...notRun.map((line) => `  ${line}`)];
  const verdict = state.exitCode === 0 ? 'tests: passed' : `tests: failed, exit code ${state.exitCode}`;
  const failed = state.failures.length === 0 ? [] : ['failed:', ...state.failures];
  process.stdout.write(`\n${['phases:', ...lines, ...left, ...failed, verdict].join('\n')}\n`);
}

for (const signal of ['SIGINT', 'SIGTERM']) {
  process.on(signal, () => {
    if (state.signal !== undefined) return;
    state.signal = signal;
    fail(128 + constants.signals[signal]);
    state.child?.kill('SIGTERM');
  });
}

await runAll().catch((error) => {
  process.stderr.write(`${error.stack}\n`);
  fail(1);
});
summarize();
process.exitCode = state.exitCode;
