import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** What a page is made of. Its files are served as they stand: there is no build step. */
const kinds: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
};

type Page = 'mini-app' | 'password-page';

/** The modules that a page loads beside its own (name in the page -> package); they need nothing else. */
const librariesOf: Record<Page, Record<string, string>> = { 'mini-app': {}, 'password-page': { 'qr.js': 'qr' } };

export interface PageFile {
  readonly type: string;
  readonly content: string;
}

/**
 * The files of a page in `apps/gateway/` and its libraries, by name. Read once, at the start: a page that is missing is noticed there and
 * not by the first visitor. @throws Error without an `index.html`.
 */
export function readPage(page: Page): ReadonlyMap<string, PageFile> {
  const folder = join(projectDirectory(), 'apps', 'gateway', page);
  const files = new Map(
    readdirSync(folder).flatMap((name) => {
      const type = kinds[extname(name)];
      return type === undefined ? [] : [[name, { type, content: readFileSync(join(folder, name), 'utf8') }] as const];
    }),
  );
  if (!files.has('index.html')) throw new Error(`the page in ${folder} has no index.html`);
  for (const [name, library] of Object.entries(librariesOf[page])) {
    const content = readFileSync(createRequire(import.meta.url).resolve(library), 'utf8');
    files.set(name, { type: kinds['.js'] as string, content });
  }
  return files;
}

/** Whether this runs from the sources or from `dist/`. */
function projectDirectory(): string {
  for (let folder = dirname(fileURLToPath(import.meta.url)); folder !== dirname(folder); folder = dirname(folder)) {
    if (existsSync(join(folder, 'package.json'))) return folder;
  }
  throw new Error('the files of the pages were not found');
}
