import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { problemsOf, unnamedVariables, type Repository } from './document.check.js';

const root = resolve(import.meta.dirname, '../..');
const read = (path: string): string => readFileSync(join(root, path), 'utf8');

/** The documents people write; what `npm run generate` writes is checked like them. */
const DOCUMENT = /^(?:[^/]+|docs\/[^/]+|docs\/adr\/[^/]+|bench\/[^/]+)\.md$/;
const SPEAKS_OF_VARIABLES = /\.(?:[cm]?[jt]s|ya?ml|sh|example)$|^\.ci\/run$/;
const READS_VARIABLES = /^(?:apps\/[^/]+\/src\/[^/]+|libs\/config\/src\/engine)\.env\.ts$/;

function repositoryFiles(): string[] {
  const listed = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], { cwd: root });
  return [...new Set(listed.toString('utf8').split('\0'))].filter((path) => path && existsSync(join(root, path)));
}

const files = repositoryFiles();
const wordsOf = (path: string): string[] => read(path).match(/\b[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+\b/g) ?? [];
const repository: Repository = {
  files: new Set(files),
  scripts: new Set(Object.keys((JSON.parse(read('package.json')) as { scripts: object }).scripts)),
  variables: new Set(files.filter((path) => SPEAKS_OF_VARIABLES.test(path)).flatMap(wordsOf)),
  read,
};

describe('the documents', () => {
  const documents = files.filter((path) => DOCUMENT.test(path));

  it('name nothing that is not there', () => {
    expect(documents).toEqual(expect.arrayContaining(['README.md', 'ARCHITECTURE.md', 'docs/errors.md']));
    const found = documents.flatMap((path) => problemsOf(path, read(path), repository));
    const lines = found.map(({ path, line, detail }) => `${path}:${line} ${detail}`);
    if (lines.length > 0) expect.fail(`${lines.length} problems\n${lines.join('\n')}`);
  });

  it('name every variable that a process reads', () => {
    const readers = files.filter((path) => READS_VARIABLES.test(path));
    const names = readers.flatMap((path) =>
      [...read(path).matchAll(/^ {2}([A-Z][A-Z0-9_]+):/gm)].map(([, name = '']) => name),
    );
    expect(names).toEqual(expect.arrayContaining(['MYSQL_URL', 'AUTH_SECRET', 'PORT']));
    expect(unnamedVariables(read('README.md'), new Set(names))).toEqual([]);
  });
});

describe('the check of documents', () => {
  const small: Repository = {
    files: new Set(['README.md', 'docs/a.md', 'apps/points/src/main.ts', 'apps/points/src/day.rules.ts']),
    scripts: new Set(['start', 'check']),
    variables: new Set(['MYSQL_URL']),
    read: () => '# Title\n\n## What happens when X dies\n',
  };
  const details = (text: string): string[] => problemsOf('docs/a.md', text, small).map(({ detail }) => detail);

  it.each([
    ['a link to a missing file', '[x](b.md)', 'link to b.md: there is no docs/b.md'],
    ['a link that leaves its folder wrongly', '[x](README.md)', 'link to README.md: there is no docs/README.md'],
    ['a link to a missing heading', '[x](../README.md#nothing)', 'has no such heading'],
    ['a missing path', 'see `apps/points/src/gone.ts`', 'there is no apps/points/src/gone.ts'],
    ['a missing folder', 'see `apps/shop/`', 'there is no apps/shop/'],
    ['a pattern nothing fits', 'see `apps/*/src/*.entity.ts`', 'there is no apps/*/src/*.entity.ts'],
    ['a missing file name', 'see `gone.rules.ts`', 'there is no file gone.rules.ts'],
    ['an unknown script in prose', 'use `npm run bench`', 'package.json has no script bench'],
    ['an unknown script in a block', '```sh\nnpm test\n```', 'package.json has no script test'],
    ['an unknown variable', 'set `MYSQL_URI`', 'nothing knows the variable MYSQL_URI'],
  ])('finds %s', (_what, text, expected) => {
    expect(details(text)).toEqual([expect.stringContaining(expected)]);
  });

  it.each([
    '[x](../README.md) [y](../README.md#what-happens-when-x-dies) [z](a.md) [w](https://example.org/none.md) [v](../docs/)',
    '`apps/points/src/main.ts` `apps/points` `apps/*/src/*.rules.ts` `*.rules.ts` `main.ts` `apps/<name>/src`',
    '`npm start` `npm run check` `MYSQL_URL` `GET /v1/x` `.data/` `dist/gone.js` `[x](gone.md)`',
    '```\nlibs/gone/ `apps/gone.ts` [x](gone.md)\n```',
  ])('lets pass: %s', (text) => {
    expect(details(text)).toEqual([]);
  });

  it('says the line', () => {
    expect(problemsOf('docs/a.md', '# A\n\n[x](b.md)', small)).toMatchObject([{ path: 'docs/a.md', line: 3 }]);
  });

  it('finds a variable that is not named', () => {
    expect(unnamedVariables('a table with `PORT`', ['PORT', 'DATA_DIR'])).toEqual(['DATA_DIR']);
  });
});
