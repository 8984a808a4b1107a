import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { pathToFileURL } from 'node:url';

export interface GeneratedFile {
  /** Relative to the repository, with forward slashes. */
  path: string;
  content: string;
}

/** Makes files out of the sources. The same sources give the same bytes: no dates, no order by chance. */
export interface Generator {
  name: string;
  /** A folder that holds nothing but this generator's files: others in it are left over and go. */
  folder?: string;
  files(): Promise<GeneratedFile[]>;
}

/** A file on disk that is not what its generator makes. */
export interface Difference {
  generator: string;
  path: string;
  /** What to do with the file on disk; `content` is what it should hold. */
  kind: 'missing' | 'changed' | 'left-over';
  before: string;
  content: string;
}

/** Loads every `*.generator.ts` of a folder; each exports `generator`. Adding one is writing a file. */
export async function loadGenerators(folder: string): Promise<Generator[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.generator.ts')).sort();
  return Promise.all(
    names.map(async (name) => {
      const loaded = (await import(pathToFileURL(join(folder, name)).href)) as { generator?: Generator };
      if (!loaded.generator) throw new Error(`${name} exports no generator`);
      return loaded.generator;
    }),
  );
}

/** Compares what a generator makes with the files under `root`. */
export async function differences(generator: Generator, root: string): Promise<Difference[]> {
  const files = await generator.files();
  const changed = await Promise.all(files.map((file) => compare(generator.name, root, file)));
  const made = new Set(files.map(({ path }) => path));
  const leftOver =
    generator.folder === undefined ? [] : (await filesUnder(root, generator.folder)).filter((path) => !made.has(path));
  return [
    ...changed.flatMap((difference) => difference ?? []),
    ...leftOver.map((path): Difference => ({
      generator: generator.name,
      path,
      kind: 'left-over',
      before: '',
      content: '',
    })),
  ];
}

/** Brings the files under `root` up to date. */
export async function apply(found: Difference[], root: string): Promise<void> {
  for (const { kind, path, content } of found) {
    if (kind === 'left-over') {
      await rm(join(root, path));
    } else {
      await mkdir(dirname(join(root, path)), { recursive: true });
      await writeFile(join(root, path), content);
    }
  }
}

async function compare(
  generator: string,
  root: string,
  { path, content }: GeneratedFile,
): Promise<Difference | undefined> {
  if (!existsSync(join(root, path))) return { generator, path, kind: 'missing', before: '', content };
  const before = await readFile(join(root, path), 'utf8');
  return before === content ? undefined : { generator, path, kind: 'changed', before, content };
}

async function filesUnder(root: string, folder: string): Promise<string[]> {
  if (!existsSync(join(root, folder))) return [];
  const entries = await readdir(join(root, folder), { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(root, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .sort();
}
