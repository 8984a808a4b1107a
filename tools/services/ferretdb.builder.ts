import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { runCommand } from './command.runner.js';
import { findProgram, requireProgram } from './program.locator.js';
import { projectRoot, servicesPath } from './service.paths.js';

const sourceDirectory = join(projectRoot, 'tools/services/ferretdb');
const buildTimeoutMs = 600_000;

/** Where the built program belongs; the name changes with its source and its versions. */
export function ferretdbPath(): string {
  const hash = createHash('sha256');
  for (const name of readdirSync(sourceDirectory).sort()) hash.update(readFileSync(join(sourceDirectory, name)));
  return servicesPath('bin', `ferretdb-${hash.digest('hex').slice(0, 16)}`);
}

/** True when the program is built or can be. */
export function canHaveFerretdb(): boolean {
  return existsSync(ferretdbPath()) || findProgram('go') !== undefined;
}

/** The program's path; builds it the first time (about a minute, needs the Go module proxy). */
export async function ensureFerretdb(): Promise<string> {
  const path = ferretdbPath();
  if (existsSync(path)) return path;
  const unfinished = `${path}.${process.pid}`;
  await runCommand(requireProgram('go'), ['build', '-trimpath', '-o', unfinished, '.'], {
    timeoutMs: buildTimeoutMs,
    directory: sourceDirectory,
    environment: { CGO_ENABLED: '0', GOFLAGS: '-mod=readonly' },
  });
  renameSync(unfinished, path);
  return path;
}
