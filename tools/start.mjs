#!/usr/bin/env node
// `npm start` and `npm run start:services`: install and build what is missing, then run. Needs Node and npm alone.
import { spawn, spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { needsBuild, needsInstall } from './test/staleness.check.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const serviceNames = ['user', 'entitlement', 'points', 'notification', 'gateway'];

function run(command, parameters) {
  const { status } = spawnSync(command, parameters, { cwd: root, stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}

function prepare() {
  if (needsInstall(root)) {
    console.log('Installing the packages (once) ...');
    run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error']);
  }
  if (needsBuild(root)) {
    console.log('Building ...');
    run('npm', ['run', '--silent', 'build']);
  }
}

/** `points=2 gateway=3`: how many processes of each service; one where nothing is said. */
function replicaCounts(wishes) {
  const counts = new Map(serviceNames.map((name) => [name, 1]));
  for (const wish of wishes) {
    const match = /^([a-z]+)=([0-9]{1,2})$/.exec(wish);
    if (!match || !counts.has(match[1])) {
      console.error(`"${wish}" is not of the form service=number; the services are ${serviceNames.join(', ')}`);
      process.exit(2);
    }
    counts.set(match[1], Number(match[2]));
  }
  return counts;
}

function startProcess(entry, environment = {}) {
  return spawn(process.execPath, ['--enable-source-maps', join(root, 'dist', 'apps', entry, 'src', 'main.js')], {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, ...environment },
  });
}

/** Extra processes of a service share its name but not its ports. */
function portsOfReplica(name, replica) {
  if (replica === 0) return {};
  return { [`${name.toUpperCase()}_METRICS_PORT`]: '0', ...(name === 'gateway' && { PORT: '0' }) };
}

function supervise(children) {
  let ending = false;
  let exitCode = 0;
  const stopAll = (signal) => {
    ending = true;
    for (const child of children) child.kill(signal);
  };
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => stopAll('SIGTERM'));
  let running = children.length;
  for (const child of children) {
    child.on('exit', (code) => {
      running -= 1;
      // One that ends by itself takes the others along: whoever runs this sees it and starts it again.
      if (!ending) {
        exitCode = code ?? 1;
        stopAll('SIGTERM');
      }
      if (running === 0) process.exit(exitCode);
    });
  }
}

const [mode, ...wishes] = process.argv.slice(2);
prepare();
if (mode === 'services') {
  const counts = replicaCounts(wishes);
  const children = serviceNames.flatMap((name) =>
    Array.from({ length: counts.get(name) }, (_, replica) => startProcess(name, portsOfReplica(name, replica))),
  );
  supervise(children);
} else {
  supervise([startProcess('standalone')]);
}
