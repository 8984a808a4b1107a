/**
 * What `npm run bench` runs, also on a fresh clone: install, build, start the engines, measure, end the engines that were
 * not up before. `npm run bench -- quick` takes a minute. Plain JavaScript, because nothing is installed when it starts.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, utimesSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { needsBuild, needsInstall } from './test/staleness.check.mjs';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const services = resolve(process.env.SERVICES_DIRECTORY ?? join(root, '.services'));
const engines = ['mariadb', 'rabbitmq', 'redis', 'mongodb'];

function run(command, args, options = {}) {
  const { status, stdout } = spawnSync(command, args, {
    cwd: root,
    stdio: options.capture ? ['ignore', 'pipe', 'inherit'] : 'inherit',
    encoding: 'utf8',
    env: { ...process.env, ...options.environment },
  });
  return { code: status ?? 1, output: stdout ?? '' };
}

function must(command, args) {
  const { code } = run(command, args);
  if (code !== 0) process.exit(code);
}

function runServices(args, options) {
  return run(process.execPath, ['--import', 'tsx', 'tools/services/main.ts', ...args], options);
}

function prepare() {
  if (needsInstall(root)) must('npm', ['ci', '--no-audit', '--no-fund']);
  if (!needsBuild(root)) return;
  const startedAt = new Date();
  must('npm', ['run', '--silent', 'build']);
  const notes = join(root, 'dist/.tsbuildinfo');
  if (existsSync(notes)) utimesSync(notes, startedAt, startedAt);
}

function enginesUp() {
  const { code, output } = runServices(['status', '--json'], { capture: true });
  const outcomes = code === 0 ? JSON.parse(output.trim().split('\n').at(-1)) : [];
  return outcomes.filter(({ state }) => state === 'up').map(({ name }) => name);
}

prepare();
const before = enginesUp();
const missing = engines.filter((name) => !before.includes(name));
try {
  if (missing.length > 0 && runServices(['up', ...missing]).code !== 0) throw new Error('the engines did not start');
  const file = join(services, 'env.json');
  JSON.parse(readFileSync(file, 'utf8'));
  const bench = ['--import', 'tsx', 'bench/main.ts', ...process.argv.slice(2)];
  process.exitCode = run(process.execPath, bench, { environment: { ENGINES_FILE: file } }).code;
} finally {
  if (missing.length > 0) runServices(['down', ...missing]);
}
