import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { skippedSuites } from './skipped.summary.mjs';
import { needsBuild, needsInstall } from './staleness.check.mjs';

let root = '';

/** Writes a file that was modified at the given second. */
function write(path: string, atSeconds: number, text = ''): void {
  const full = join(root, path);
  mkdirSync(dirname(full), { recursive: true });
  writeFileSync(full, text);
  utimesSync(full, atSeconds, atSeconds);
}

function lock(version: string): string {
  return JSON.stringify({ packages: { '': {}, 'node_modules/a': { version }, 'node_modules/b': { optional: true } } });
}

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'test-tools-'));
});

afterEach(() => rmSync(root, { recursive: true, force: true }));

describe('installation', () => {
  it('is due without a tree', () => {
    write('package-lock.json', 1, lock('1.0.0'));
    expect(needsInstall(root)).toBe(true);
  });

  it('is due when the lock file is newer and names other versions', () => {
    write('node_modules/.package-lock.json', 1, lock('1.0.0'));
    write('package-lock.json', 2, lock('1.0.1'));
    expect(needsInstall(root)).toBe(true);
  });

  it('is not due when the versions are the same, or the tree is newer', () => {
    write('node_modules/.package-lock.json', 1, lock('1.0.0'));
    write('package-lock.json', 2, lock('1.0.0'));
    expect(needsInstall(root)).toBe(false);
    write('node_modules/.package-lock.json', 3, lock('1.0.0'));
    expect(needsInstall(root)).toBe(false);
  });
});

describe('build', () => {
  it.each(['apps/a/src/main.ts', 'libs/a/src/index.ts', 'locales/en/errors.json', 'tsconfig.base.json'])(
    'is due when %s is newer than the last one',
    (path) => {
      write('dist/.tsbuildinfo', 5);
      expect(needsBuild(root)).toBe(false);
      write(path, 6);
      expect(needsBuild(root)).toBe(true);
    },
  );

  it('is not due for a test, and is due when there is none', () => {
    write('libs/a/src/index.ts', 4);
    expect(needsBuild(root)).toBe(true);
    write('dist/.tsbuildinfo', 5);
    write('libs/a/src/index.spec.ts', 6);
    expect(needsBuild(root)).toBe(false);
  });
});

describe('suites that were not run', () => {
  const test = (suite: string, title: string, status: string) => ({ title, status, ancestorTitles: [suite] });

  it('names whole files, suites and parts of suites', () => {
    const report = {
      testResults: [
        {
          name: '/project/a.int-spec.ts',
          assertionResults: [test('one', 'x', 'skipped'), test('two', 'y', 'pending')],
        },
        {
          name: '/project/b.int-spec.ts',
          assertionResults: [
            test('on MariaDB', 'x', 'skipped'),
            test('on MariaDB', 'y', 'skipped'),
            test('embedded', 'x', 'passed'),
            test('embedded', 'y', 'todo'),
          ],
        },
        { name: '/project/c.spec.ts', assertionResults: [test('one', 'x', 'passed'), test('one', 'y', 'failed')] },
      ],
    };
    expect(skippedSuites(report, '/project')).toEqual([
      'a.int-spec.ts: 2 tests',
      'b.int-spec.ts > on MariaDB: 2 tests',
      'b.int-spec.ts > embedded: 1 of 2 tests',
    ]);
  });
});
