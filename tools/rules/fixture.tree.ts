import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** Path inside the fixture tree -> what the file holds. */
export type Tree = Record<string, string>;

const LIBS = [
  'contracts',
  'messaging',
  'database',
  'cache',
  'audit',
  'encryption',
  'config',
  'i18n',
  'service',
  'testing',
];
const PACKAGES = ['zod', 'amqplib', 'typeorm', 'mysql2', 'ioredis', 'mongoose', 'telegraf', '@nestjs/common'];

/** What every fixture has: the same subpath imports as the real tree, stub packages, a tsconfig. */
function groundwork(): Tree {
  const imports = Object.fromEntries(
    LIBS.map((lib) => [
      `#${lib}`,
      { source: `./libs/${lib}/src/index.ts`, default: `./dist/libs/${lib}/src/index.js` },
    ]),
  );
  const dependencies = Object.fromEntries(PACKAGES.map((name) => [name, '1.0.0']));
  const devDependencies = { vitest: '1.0.0' };
  const compilerOptions = { module: 'nodenext', moduleResolution: 'nodenext', customConditions: ['source'] };
  const stubs = [...PACKAGES, 'vitest'].flatMap((name) => [
    [`node_modules/${name}/package.json`, JSON.stringify({ name, version: '1.0.0', main: 'index.js' })],
    [`node_modules/${name}/index.js`, 'module.exports = {};'],
  ]);
  return {
    'package.json': JSON.stringify({ name: 'fixture', type: 'module', imports, dependencies, devDependencies }),
    'tsconfig.json': JSON.stringify({ compilerOptions }),
    ...Object.fromEntries(stubs),
  };
}

/** Writes a tree into a directory of its own; `remove` deletes it. */
export async function writeTree(tree: Tree): Promise<{ root: string; folders: string[]; remove: () => Promise<void> }> {
  const root = await realpath(await mkdtemp(join(tmpdir(), 'rules-')));
  for (const [path, content] of Object.entries({ ...groundwork(), ...tree })) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), content);
  }
  const folders = [...new Set(Object.keys(tree).map((path) => path.split('/')[0] ?? path))];
  return { root, folders, remove: () => rm(root, { recursive: true }) };
}
