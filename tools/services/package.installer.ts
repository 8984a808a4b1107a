import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCommand, succeeds } from './command.runner.js';
import type { Engine } from './engine.types.js';
import { findProgram } from './program.locator.js';

const policyPath = '/usr/sbin/policy-rc.d';
const updateTimeoutMs = 180_000;
const installTimeoutMs = 600_000;

/** The Debian packages of those engines that cannot start yet, each once, sorted. */
export function missingPackages(engines: readonly Engine[]): string[] {
  const packages = engines.filter((engine) => engine.missing().length > 0).flatMap((engine) => engine.packages);
  return [...new Set(packages)].sort();
}

/** How to run a command as root here: nothing before it, passwordless sudo, or undefined when neither is possible. */
export async function rootPrefix(): Promise<string[] | undefined> {
  if (process.getuid?.() === 0) return [];
  const sudo = findProgram('sudo');
  if (sudo === undefined) return undefined;
  return (await succeeds(sudo, ['-n', 'true'], 5000)) ? [sudo, '-n'] : undefined;
}

/** Why packages cannot be installed here, or undefined when they can. */
export async function installObstacle(): Promise<string | undefined> {
  if (findProgram('apt-get') === undefined) return 'there is no apt-get';
  return (await rootPrefix()) === undefined ? 'installing packages needs root or passwordless sudo' : undefined;
}

/**
 * Runs `work` while a policy keeps freshly installed servers from starting by themselves. What was there before is put
 * back afterwards, also after a failure.
 */
async function withoutAutomaticStarts(
  asRoot: (args: string[]) => Promise<string>,
  work: () => Promise<void>,
): Promise<void> {
  const scratch = await mkdtemp(join(tmpdir(), 'services-policy-'));
  const saved = `${policyPath}.saved-${process.pid}`;
  const had = existsSync(policyPath);
  await writeFile(join(scratch, 'policy'), '#!/bin/sh\nexit 101\n');
  if (had) await asRoot(['cp', '--preserve=all', policyPath, saved]);
  try {
    await asRoot(['install', '-m', '755', join(scratch, 'policy'), policyPath]);
    await work();
  } finally {
    await asRoot(had ? ['mv', saved, policyPath] : ['rm', '-f', policyPath]);
    await rm(scratch, { recursive: true, force: true });
  }
}

/** Installs Debian packages without recommendations and without starting anything. Throws when it cannot. */
export async function installPackages(packages: readonly string[]): Promise<void> {
  const prefix = await rootPrefix();
  const obstacle = await installObstacle();
  if (prefix === undefined || obstacle !== undefined) throw new Error(obstacle);
  const asRoot = (args: string[], timeoutMs = 30_000): Promise<string> => {
    const [command = '', ...rest] = [...prefix, 'env', 'DEBIAN_FRONTEND=noninteractive', ...args];
    return runCommand(command, rest, { timeoutMs });
  };
  await asRoot(['apt-get', 'update'], updateTimeoutMs);
  await withoutAutomaticStarts(asRoot, async () => {
    await asRoot(['apt-get', 'install', '-y', '--no-install-recommends', ...packages], installTimeoutMs);
  });
}
