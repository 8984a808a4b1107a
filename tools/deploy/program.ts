import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** How a program ended: its exit code, and what it said on both streams. */
export interface ProgramResult {
  code: number | null;
  output: string;
}

const runAtMostMs = 60_000;
/** Debian keeps servers where an ordinary user's PATH does not look. */
const systemFolders = ['/usr/sbin', '/usr/local/sbin'];

/** Where a program is installed; undefined when it is not. */
export function findProgram(name: string): string | undefined {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), ...systemFolders].filter(Boolean);
  return folders.map((folder) => join(folder, name)).find((path) => existsSync(path));
}

/** Runs a program to its end; a bounded time, both streams together. */
export function runProgram(path: string, args: readonly string[], environment: NodeJS.ProcessEnv = {}): ProgramResult {
  const { status, stdout, stderr, error } = spawnSync(path, args, {
    encoding: 'utf8',
    timeout: runAtMostMs,
    env: { ...process.env, ...environment },
  });
  return { code: status, output: error ? String(error) : `${stdout}${stderr}` };
}

/** The version a program tells, as [major, minor, patch]. */
export function versionOf(path: string, flag: string): [number, number, number] {
  const [, major, minor, patch] = /(\d+)\.(\d+)\.(\d+)/.exec(runProgram(path, [flag]).output) ?? [];
  return [Number(major ?? 0), Number(minor ?? 0), Number(patch ?? 0)];
}

/** Whether the first version is older than the second. */
export function isOlder(version: readonly number[], than: readonly number[]): boolean {
  const index = version.findIndex((part, position) => part !== than[position]);
  return index >= 0 && (version[index] ?? 0) < (than[index] ?? 0);
}
