import { describe, expect, it } from 'vitest';
import { fileName, identifierWords, pathWords } from './name.check.js';
import { sourceFile } from './source.file.js';

const named = (path: string) => sourceFile(path, 'export {};\n');
const code = (text: string) => sourceFile('libs/a/src/a.ts', text);

describe('name checks', () => {
  it.each([
    'apps/user/src/User.service.ts',
    'apps/user/src/user_data.entity.ts',
    'apps/user/src/user.ts',
    'apps/user/src/user.thing.ts',
    'libs/a/src/aB.ts',
  ])('fileName fires on %s', (path) => expect(fileName(named(path))).toMatchObject([{ rule: 'file-name', path }]));

  it.each([
    'apps/user/src/main.ts',
    'apps/points/src/check-in/check-in.rules.spec.ts',
    'libs/testing/src/tcp-proxy.ts',
    'libs/a/src/sql.time.ts',
    'libs/a/src/a.d.ts',
    'vitest.config.ts',
  ])('fileName lets %s pass', (path) => expect(fileName(named(path))).toEqual([]));

  it.each(['libs/common/src/a.ts', 'libs/a/src/date.utils.ts', 'apps/user/src/db.service.ts', 'tools/test-helper.mjs'])(
    'pathWords fires on %s',
    (path) => expect(pathWords(named(path))).toMatchObject([{ rule: 'path-word' }]),
  );

  it.each(['libs/database/src/index.ts', 'docs/common.md', 'libs/a/src/response.ts'])(
    'pathWords lets %s pass',
    (path) => expect(pathWords(named(path))).toEqual([]),
  );

  it.each([
    'const ctx = 1;',
    'function send(msg: string) {}',
    'const { req } = given;',
    'const { request: req } = given;',
    'class Utils {}',
    "import { context as ctx } from 'x';",
    "import * as helper from 'x';",
    'interface A { dbPool: string }',
    'const run = (res) => res;',
    'class A { private cfg = 1; }',
    'const user_db = 1;',
    'const reqBody = 1;',
    'type Misc = string;',
    "import db from 'x';",
  ])('identifierWords fires on: %s', (text) =>
    expect(identifierWords(code(text))).toMatchObject([{ rule: 'identifier-word', line: 1 }]),
  );

  it.each([
    'const context = 1;',
    "import { ctx } from 'x';",
    'new Redis({ db: 3 });',
    'const response = result.res;',
    'const commonName = 1;',
    "const text = 'req';",
    'const resolve = 1;',
    'const dbl = 1;',
    '// the req\nconst address = 1;',
  ])('identifierWords lets pass: %s', (text) => expect(identifierWords(code(text))).toEqual([]));
});
