import { createHash } from 'node:crypto';
import { mkdirSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The project's root directory. */
export const projectRoot = resolve(dirname(fileURLToPath(import.meta.url)), '../..');

/** Unix socket names end at 107 bytes; the longest part that an engine adds below its directory is shorter than 40. */
const longestDirectory = 65;

/** Everything that the engines write: `.services` of the project, or `SERVICES_DIRECTORY`. */
export function servicesDirectory(): string {
  return resolve(process.env['SERVICES_DIRECTORY'] ?? join(projectRoot, '.services'));
}

/** A path below the services directory; its parent exists afterwards. */
export function servicesPath(...parts: string[]): string {
  const path = join(servicesDirectory(), ...parts);
  mkdirSync(dirname(path), { recursive: true });
  return path;
}

/** An engine's own directory, created. */
export function engineDirectory(name: string): string {
  const directory = servicesPath(name);
  mkdirSync(directory, { recursive: true });
  return directory;
}

/** True when other users may pass through the directory and all its parents. */
export function isTraversable(directory: string): boolean {
  for (let current = directory; ; current = dirname(current)) {
    const passable = (statSync(current).mode & 0o001) !== 0;
    if (!passable) return false;
    if (current === dirname(current)) return true;
  }
}

/**
 * A directory for an engine's sockets and for files of another user: the given one, or a stand-in below the system's
 * temporary directory when the path is too long for a socket or closed to other users.
 */
export function socketDirectory(directory: string, needsTraversal: boolean): string {
  const short = Buffer.byteLength(directory) <= longestDirectory;
  if (short && (!needsTraversal || isTraversable(directory))) return directory;
  const stamp = createHash('sha256').update(directory).digest('hex').slice(0, 12);
  const standIn = join(tmpdir(), `services-${stamp}`);
  mkdirSync(standIn, { recursive: true, mode: 0o755 });
  return standIn;
}
