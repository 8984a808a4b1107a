import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';

const projectRoot = resolve(import.meta.dirname, '../..');
const broken = `
import { afterAll, describe, expect, it } from 'vitest';
describe('sums', () => {
  it('adds', () => expect(1 + 1).toBe(3));
  it('goes on', async () => {
    void Promise.reject(new Error('nobody waited for this'));
    await new Promise((resolve) => setTimeout(resolve, 20));
  });
});
describe('rooms', () => {
  afterAll(() => { throw new Error('the door is stuck'); });
  it('opens', () => undefined);
});
`;

let root = '';

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'failures-reporter-'));
  mkdirSync(join(root, 'node_modules'));
  symlinkSync(join(projectRoot, 'node_modules/vitest'), join(root, 'node_modules/vitest'));
  writeFileSync(join(root, 'package.json'), '{ "type": "module" }');
});

afterAll(() => rmSync(root, { recursive: true, force: true }));

/** Runs vitest on the file; resolves to its exit code and the lines that the reporter wrote down. */
async function failuresOf(source: string): Promise<{ code: number; lines: string[] }> {
  writeFileSync(join(root, 'some.spec.ts'), source);
  const written = join(root, 'failures.json');
  const reporter = join(import.meta.dirname, 'failures.reporter.mjs');
  const program = join(projectRoot, 'node_modules/vitest/vitest.mjs');
  const code = await new Promise<number>((finish) => {
    const child = execFile(
      process.execPath,
      [program, 'run', '--root', root, `--reporter=${reporter}`],
      { env: { PATH: process.env['PATH'], TEST_FAILURES_FILE: written } },
      () => finish(child.exitCode ?? 1),
    );
  });
  return { code, lines: JSON.parse(readFileSync(written, 'utf8')) as string[] };
}

it('writes down failed tests, failed hooks and errors that no test caught, with their places', async () => {
  const { code, lines } = await failuresOf(broken);
  expect(code).toBe(1);
  const text = lines.join('\n');
  expect(text).toContain('some.spec.ts > sums > adds\n    AssertionError: expected 2 to be 3');
  expect(text).toContain('at some.spec.ts:4');
  expect(text).toContain('some.spec.ts > rooms\n    Error: the door is stuck');
  expect(text).toContain('an error that no test caught\n    Error: nobody waited for this');
  expect(text).not.toContain('opens');
});

it('writes down a file that cannot be loaded, and nothing when all is well', async () => {
  const { lines } = await failuresOf(`import './missing.js';`);
  expect(lines[0]).toContain('some.spec.ts');
  expect(lines.join('\n')).toContain('missing.js');
  const passed = await failuresOf(`import { it } from 'vitest'; it('passes', () => undefined);`);
  expect(passed).toEqual({ code: 0, lines: [] });
});
