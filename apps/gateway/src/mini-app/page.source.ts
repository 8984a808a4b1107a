import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The page's files with what they are. They are served as they stand: there is no build step. */
const kinds = {
  'index.html': 'text/html; charset=utf-8',
  'mini-app.css': 'text/css; charset=utf-8',
  'mini-app.js': 'text/javascript; charset=utf-8',
  'platform.client.js': 'text/javascript; charset=utf-8',
  'telegram.bridge.js': 'text/javascript; charset=utf-8',
} as const;

export interface PageFile {
  readonly type: string;
  readonly content: string;
}

/** Read once, at the start: a file that is missing is noticed there and not by the first visitor. */
export function readPage(): ReadonlyMap<string, PageFile> {
  const folder = pageDirectory();
  return new Map(
    Object.entries(kinds).map(([name, type]) => [name, { type, content: readFileSync(join(folder, name), 'utf8') }]),
  );
}

/** Whether this runs from the sources or from `dist/`. */
function pageDirectory(): string {
  for (let folder = dirname(fileURLToPath(import.meta.url)); folder !== dirname(folder); folder = dirname(folder)) {
    if (existsSync(join(folder, 'package.json'))) return join(folder, 'apps', 'gateway', 'mini-app');
  }
  throw new Error('the files of the Mini App were not found');
}
