import { describe, expect, it } from 'vitest';
import { sourceFile } from './source.file.js';
import { entropy, markdownTitle, noMachinePaths, noSecrets, portableSql } from './text.check.js';

/** Bad texts are put together here, so that this file itself stays clean. */
const join = (...parts: string[]) => parts.join('');
const TOKEN = join('123456789', ':', 'AAf0Zk3xYw9vQ1pL7mN5bV2cX8sD4gH6jTr');
const DRAWN = join('q7Zr2', 'Xk9v', 'Lm4Tw8', 'Bn3');

describe('portableSql', () => {
  it.each([
    join('INSERT ', 'IGNORE INTO a'),
    join('insert ', 'ignore into a'),
    join('SELECT 1 FOR UPDATE SKIP ', 'LOCKED'),
    join('DELETE FROM a RETURN', 'ING id'),
    join('SELECT a-', ">>'$.b'"),
    join('CAST(a AS ', 'JSON)'),
    join('SELECT 1 FOR UPDATE ', 'OF a'),
  ])('fires in strings, templates and .sql files on: %s', (sql) => {
    for (const text of [JSON.stringify(sql), `\`${sql}\``, `\`\${a} ${sql} \${b}\``]) {
      expect(portableSql(sourceFile('libs/a.ts', `const one = 1;\nrun(${text});`))).toMatchObject([
        { rule: 'portable-sql', line: 2 },
      ]);
    }
    expect(portableSql(sourceFile('deploy/a.sql', sql))).toHaveLength(1);
  });

  it('lets shared SQL, prose and comments pass', () => {
    for (const text of [
      "run('INSERT INTO a VALUES (1) ON DUPLICATE KEY UPDATE b = 2');",
      "say('returning to the menu');",
      join('// no SKIP ', 'LOCKED here'),
    ]) {
      expect(portableSql(sourceFile('libs/a.ts', text))).toEqual([]);
    }
  });
});

describe('noMachinePaths', () => {
  it.each([
    ['/ho', 'me/ann/project'],
    ['/ro', 'ot/x'],
    ['/wo', 'rk/main'],
    ['"/Us', 'ers/ann"'],
  ])('fires on %s%s', (...parts) =>
    expect(noMachinePaths(sourceFile('docs/a.md', `see ${join(...parts)}`))).toMatchObject([{ rule: 'machine-path' }]),
  );

  it.each(['/home/node/app', 'https://host/home/x', 'docs/home/a.md', '~/home/x', 'the /home page', './root/a'])(
    'lets %s pass',
    (text) => expect(noMachinePaths(sourceFile('docs/a.md', text))).toEqual([]),
  );
});

describe('markdownTitle', () => {
  it('fires on a document without a title in its first line', () => {
    expect(markdownTitle(sourceFile('docs/a.md', 'Hello\n'))).toMatchObject([{ rule: 'markdown-title', line: 1 }]);
    expect(markdownTitle(sourceFile('docs/a.md', '## Hello\n'))).toHaveLength(1);
    expect(markdownTitle(sourceFile('docs/a.md', '# Hello\n'))).toEqual([]);
    expect(markdownTitle(sourceFile('docs/a.txt', 'Hello\n'))).toEqual([]);
  });
});

describe('noSecrets', () => {
  it.each([
    TOKEN,
    join('-----BEGIN RSA PRIV', 'ATE KEY-----'),
    join('-----BEGIN PRIV', 'ATE KEY-----'),
    join('AKIA', 'ABCDEFGHIJKLMNOP'),
    join('xoxb', '-1234567890-abc'),
    join('ghp', '_', 'a1B2'.repeat(9)),
    join('PASS', 'WORD=', DRAWN),
    join('auth_sec', `ret: "${DRAWN}"`),
  ])('fires on secret %#', (text) => {
    expect(noSecrets(sourceFile('deploy/a.yml', `# one\n${text}\n`))).toMatchObject([{ rule: 'no-secrets', line: 2 }]);
  });

  it('fires on a quoted secret in code and never prints it', () => {
    const found = noSecrets(sourceFile('libs/a.ts', join('const pass', `word = '${DRAWN}';`)));
    expect(found).toHaveLength(1);
    expect(JSON.stringify(found)).not.toContain(DRAWN);
  });

  it.each([
    'const password = readSecret(AUTH_SECRET1);',
    "const token = 'test-token-of-the-emulator';",
    'password: ${RABBITMQ_PASSWORD1}',
    "secret = '12345:short';",
    'TOKEN=<the token from BotFather 1>',
    "const tokenUrl = 'https://example.org/v1/token2';",
  ])('lets pass: %s', (text) => expect(noSecrets(sourceFile('libs/a.ts', text))).toEqual([]));

  it('tells a drawn value from a written one', () => {
    expect(entropy('aaaa')).toBe(0);
    expect(entropy('abcd')).toBe(2);
    expect(entropy(DRAWN)).toBeGreaterThan(entropy('password-password'));
  });
});
