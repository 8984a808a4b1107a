/** Decides what a checkout needs before its programs can run. Plain JavaScript: nothing is installed yet. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** Modification time in ms, 0 when there is no such file. */
function modifiedAt(path) {
  return existsSync(path) ? statSync(path).mtimeMs : 0;
}

/** Packages of a lock file, `{ 'node_modules/x': { version } }`; empty when it cannot be read. */
function readPackages(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8')).packages ?? {};
  } catch {
    return {};
  }
}

/**
 * True when `npm ci` is due: the installed tree is missing, or older than the lock file and of other versions. Dates
 * alone do not decide, because `npm install` writes the lock file after the tree.
 */
export function needsInstall(root) {
  const wanted = join(root, 'package-lock.json');
  const installed = join(root, 'node_modules/.package-lock.json');
  if (!existsSync(installed)) return true;
  if (modifiedAt(installed) >= modifiedAt(wanted)) return false;
  const found = readPackages(installed);
  return Object.entries(readPackages(wanted)).some(
    ([path, { version, optional }]) => path !== '' && !optional && found[path]?.version !== version,
  );
}

function isSource(name) {
  return /\.(ts|json)$/.test(name) && !/\.(spec|int-spec)\.ts$/.test(name);
}

/** The latest modification time (ms) of the sources below a directory; 0 when there are none. */
export function newestSource(directory) {
  if (!existsSync(directory)) return 0;
  const times = readdirSync(directory, { withFileTypes: true })
    .filter((entry) => entry.name !== 'node_modules' && entry.name !== 'dist')
    .map((entry) => {
      const path = join(directory, entry.name);
      if (entry.isDirectory()) return newestSource(path);
      return isSource(entry.name) ? modifiedAt(path) : 0;
    });
  return times.reduce((newest, time) => Math.max(newest, time), 0);
}

/** True when `npm run build` is due: there is no build, or a source or setting is newer than it. */
export function needsBuild(root) {
  const builtAt = modifiedAt(join(root, 'dist/.tsbuildinfo'));
  const settings = ['tsconfig.base.json', 'tsconfig.build.json'].map((name) => modifiedAt(join(root, name)));
  const sources = ['apps', 'libs', 'locales'].map((name) => newestSource(join(root, name)));
  return [...settings, ...sources].some((time) => time > builtAt);
}
