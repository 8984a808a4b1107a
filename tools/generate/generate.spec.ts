import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { describeDifference } from './difference.text.js';
import { apply, differences, type GeneratedFile, type Generator, loadGenerators } from './generator.js';

const run = promisify(execFile);
let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'generate-'));
});
afterEach(() => rm(root, { recursive: true }));

const generatorOf = (files: GeneratedFile[], folder?: string): Generator => ({
  name: 'list',
  files: async () => files,
  ...(folder ? { folder } : {}),
});
const list = generatorOf([{ path: 'docs/list.md', content: '# List\n\none\ntwo\nthree\n' }]);

describe('generated files', () => {
  it('are missing, then written, then fresh', async () => {
    const found = await differences(list, root);
    expect(found).toMatchObject([{ kind: 'missing', path: 'docs/list.md', generator: 'list' }]);
    await apply(found, root);
    expect(await readFile(join(root, 'docs/list.md'), 'utf8')).toBe('# List\n\none\ntwo\nthree\n');
    expect(await differences(list, root)).toEqual([]);
  });

  it('are stale when edited by hand, and the difference names file, line and lines', async () => {
    await apply(await differences(list, root), root);
    await writeFile(join(root, 'docs/list.md'), '# List\n\none\n2\nthree\n');
    const [found] = await differences(list, root);
    expect(found && describeDifference(found)).toBe('docs/list.md:4: is not what its sources say (list)\n- 2\n+ two');
    await apply(found ? [found] : [], root);
    expect(await differences(list, root)).toEqual([]);
  });

  it('show a lost end of file and cut long differences', () => {
    const base = { generator: 'list', path: 'a', kind: 'changed' as const };
    expect(describeDifference({ ...base, before: 'a\nb', content: 'a' })).toContain('\n- b');
    const long = describeDifference({ ...base, before: '', content: 'x\n'.repeat(100) });
    expect(long).toMatch(/more lines$/);
    expect(long.split('\n').length).toBeLessThan(50);
  });

  it('are removed from the folder of their generator when nothing makes them any more', async () => {
    await mkdir(join(root, 'snapshots'));
    await writeFile(join(root, 'snapshots/old.json'), '{}');
    const snapshots = generatorOf([{ path: 'snapshots/new.json', content: '{}' }], 'snapshots');
    const found = await differences(snapshots, root);
    expect(found.map(({ kind, path }) => `${kind} ${path}`)).toEqual([
      'missing snapshots/new.json',
      'left-over snapshots/old.json',
    ]);
    await apply(found, root);
    expect(existsSync(join(root, 'snapshots/old.json'))).toBe(false);
    expect(await differences(snapshots, root)).toEqual([]);
  });
});

describe('loading generators', () => {
  it('takes every *.generator.ts of the folder and refuses one that exports none', async () => {
    await writeFile(
      join(root, 'one.generator.ts'),
      "export const generator = { name: 'one', files: async () => [] };\n",
    );
    await writeFile(join(root, 'other.ts'), 'export {};\n');
    expect((await loadGenerators(root)).map(({ name }) => name)).toEqual(['one']);
    await writeFile(join(root, 'two.generator.ts'), 'export const nothing = 1;\n');
    await expect(loadGenerators(root)).rejects.toThrow('two.generator.ts exports no generator');
  });
});

describe('the source loader', () => {
  it('runs TypeScript with decorator metadata and .js imports of .ts files', async () => {
    await writeFile(join(root, 'package.json'), '{ "type": "module" }');
    await writeFile(join(root, 'dependency.ts'), 'export class Dependency {}\n');
    await writeFile(
      join(root, 'main.ts'),
      `import { Dependency } from './dependency.js';
const seen: unknown[] = [];
const metadata = (_key: string, value: unknown) => (): void => void seen.push(value);
Object.assign(Reflect, { metadata });
const Injectable = () => (): void => undefined;
@Injectable()
class Service { constructor(readonly dependency: Dependency) {} }
console.log(Service.name, seen.flat().includes(Dependency));
`,
    );
    const loader = resolve(import.meta.dirname, 'source.loader.mjs');
    const { stdout } = await run(process.execPath, ['--conditions=source', '--import', loader, join(root, 'main.ts')]);
    expect(stdout).toBe('Service true\n');
  });
});
