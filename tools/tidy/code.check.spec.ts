import { describe, expect, it } from 'vitest';
import { honestTests, noAny, noConsole, noEnvironment, pureRules, silencingComments } from './code.check.js';
import { type Check, sourceFile } from './source.file.js';

const SERVICE = 'apps/points/src/ledger/ledger.service.ts';
const RULES = 'apps/points/src/check-in/streak.rules.ts';
const TEST = 'apps/points/src/ledger/ledger.int-spec.ts';

/** check, file it looks at, rule it reports, texts that break it, texts that come near. */
const cases: Array<[name: string, check: Check, path: string, rule: string, bad: string[], good: string[]]> = [
  [
    'noAny',
    noAny,
    SERVICE,
    'no-any',
    ['const a = b as any;', 'function f(a: any) {}', 'type A = Array<any>;'],
    ['const any = 1;', "const text = ': any';", '// as any\nexport {};', 'const a: unknown = b;'],
  ],
  [
    'silencingComments (checkers)',
    silencingComments,
    SERVICE,
    'no-silencing',
    [
      '// @ts-ignore\nexport {};',
      '/* eslint-disable */',
      '// @ts-expect-error\nf();',
      '// @ts-expect-error why\nf();',
      'f(); // eslint-disable-line',
      '// @ts-nocheck',
    ],
    [
      '// @ts-expect-error: a query has no transaction to write with\nf();',
      "const a = '// @ts-ignore';",
      'const a = `/* eslint-disable */`;',
    ],
  ],
  [
    'silencingComments (loose ends)',
    silencingComments,
    SERVICE,
    'no-loose-ends',
    ['// TODO later\nexport {};', 'f(/* FIXME */);', 'class A {\n  // TODO\n}'],
    ['// TODO(#12) later\nexport {};', '// FIXME see #7', "const a = 'TODO';", '// a TODOS list'],
  ],
  [
    'noEnvironment',
    noEnvironment,
    SERVICE,
    'no-environment',
    ['const a = process.env.PORT;', "const a = process.env['PORT'];", 'read(process.env);'],
    ['const a = process.pid;', "const text = 'process.env';", 'const a = this.env.PORT;'],
  ],
  [
    'noConsole',
    noConsole,
    SERVICE,
    'no-console',
    ["console.log('a');", 'console.error(a);'],
    ["logger.info('a');", '// console.log(a)\nexport {};'],
  ],
  [
    'pureRules',
    pureRules,
    RULES,
    'pure-rules',
    [
      'const a = Math.random();',
      'const a = Date.now();',
      'const a = new Date();',
      'const a = Date();',
      "import { randomUUID } from 'node:crypto';",
      'const a = crypto.randomBytes(3);',
      'const a = performance.now();',
    ],
    [
      'const a = new Date(0);',
      'const a = Math.max(1, 2);',
      "import { createHash } from 'node:crypto';",
      'const a = Date.UTC(2026, 1, 1);',
    ],
  ],
  [
    'honestTests (skipping)',
    honestTests,
    TEST,
    'no-skipped-tests',
    [
      "it.only('a', f);",
      "describe.skip('a', f);",
      "test.concurrent.only('a', f);",
      "it.todo('a');",
      "it.skip.each([])('a', f);",
    ],
    ["it('a', f);", "describe.skipIf(noMongo)('a', f);", 'list.skip(3);', "const a = 'it.only(';"],
  ],
  [
    'honestTests (sleeping)',
    honestTests,
    TEST,
    'no-sleep',
    [
      'await sleep(5);',
      'await new Promise((resolve) => setTimeout(resolve, 5));',
      'await new Promise((done) => { setTimeout(() => done(), 5); });',
      "import { setTimeout } from 'node:timers/promises';",
    ],
    [
      'await eventually(assertion);',
      'await new Promise((resolve, reject) => setTimeout(() => reject(late), 5));',
      'setTimeout(stop, 5);',
    ],
  ],
];

describe.each(cases)('%s', (_name, check, path, rule, bad, good) => {
  it.each(bad)('fires on: %s', (text) => expect(check(sourceFile(path, text))).toMatchObject([{ rule, path }]));
  it.each(good)('lets pass: %s', (text) => expect(check(sourceFile(path, text))).toEqual([]));
});

describe('where the checks do not apply', () => {
  it.each([
    'libs/config/src/read.ts',
    'apps/points/src/points.env.ts',
    'tools/start.mjs',
    'vitest.config.ts',
    'e2e/platform.ts',
    'bench/main.ts',
  ])('%s may read the environment', (path) => expect(noEnvironment(sourceFile(path, 'f(process.env);'))).toEqual([]));

  it('tools and tests may write to the console, services may use clocks, production code may wait', () => {
    expect(noConsole(sourceFile('tools/check.mjs', "console.log('a');"))).toEqual([]);
    expect(pureRules(sourceFile(SERVICE, 'Date.now();'))).toEqual([]);
    expect(
      honestTests(sourceFile('libs/testing/src/eventually.ts', 'new Promise((resolve) => setTimeout(resolve, 5));')),
    ).toEqual([]);
  });

  it('reports the line', () => {
    expect(noAny(sourceFile(SERVICE, 'const a = 1;\n\nconst b = a as any;\n'))).toMatchObject([{ line: 3 }]);
  });
});
