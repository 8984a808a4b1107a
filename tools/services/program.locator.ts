import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Where Debian keeps servers off the ordinary PATH. RabbitMQ's first: the one in sbin insists on its own user. */
const serverDirectories = ['/usr/lib/rabbitmq/bin', '/usr/sbin', '/usr/local/sbin', '/sbin'];

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

/** Full path of a program, or undefined. `path` is a list of directories as in PATH. */
export function findProgram(name: string, path = process.env['PATH'] ?? ''): string | undefined {
  const ordinary = path.split(delimiter).filter((directory) => directory !== '');
  const [preferred = '', ...others] = serverDirectories;
  return [preferred, ...ordinary, ...others].map((directory) => join(directory, name)).find(isProgram);
}

/** Full path of a program. Throws when it is not installed. */
export function requireProgram(name: string): string {
  const path = findProgram(name);
  if (path === undefined) throw new Error(`${name} is not installed`);
  return path;
}

/** Those of the programs that are not installed. */
export function missingPrograms(names: readonly string[]): string[] {
  return names.filter((name) => findProgram(name) === undefined);
}
