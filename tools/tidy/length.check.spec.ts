import { describe, expect, it } from 'vitest';
import { blobSize, fileLength, functionLength, limits, lineLength } from './length.check.js';
import { sourceFile } from './source.file.js';

const lines = (count: number) => 'const one = 1;\n'.repeat(count);
const functionOf = (count: number) => `function long() {\n${lines(count - 2)}}\n`;

describe('length checks', () => {
  it('lineLength fires one character past the limit, on its line', () => {
    const at = (length: number) => sourceFile('libs/a.ts', `const x = 1;\n// ${'x'.repeat(length - 3)}\n`);
    expect(lineLength(at(limits.line))).toEqual([]);
    expect(lineLength(at(limits.line + 1))).toMatchObject([{ rule: 'line-length', line: 2 }]);
    expect(lineLength(sourceFile('README.md', 'x'.repeat(500)))).toEqual([]);
  });

  it('fileLength fires one line past the limit; tests may be longer', () => {
    expect(fileLength(sourceFile('libs/a.ts', lines(limits.file)))).toEqual([]);
    expect(fileLength(sourceFile('libs/a.ts', lines(limits.file + 1)))).toMatchObject([
      { rule: 'file-length', line: limits.file + 1 },
    ]);
    expect(fileLength(sourceFile('libs/a.spec.ts', lines(limits.testFile)))).toEqual([]);
    expect(fileLength(sourceFile('libs/a.fixture.ts', lines(limits.testFile)))).toEqual([]);
    expect(fileLength(sourceFile('libs/a.int-spec.ts', lines(limits.testFile + 1)))).toHaveLength(1);
    expect(fileLength(sourceFile('libs/a.generated.ts', lines(limits.file + 1)))).toEqual([]);
  });

  it('functionLength fires on functions, methods and arrows past the limit, not on a describe', () => {
    expect(functionLength(sourceFile('libs/a.ts', functionOf(limits.function)))).toEqual([]);
    expect(functionLength(sourceFile('libs/a.ts', functionOf(limits.function + 1)))).toMatchObject([
      { rule: 'function-length', line: 1 },
    ]);
    const body = lines(limits.function);
    expect(functionLength(sourceFile('libs/a.ts', `class A {\n  run() {\n${body}  }\n}\n`))).toMatchObject([
      { line: 2 },
    ]);
    expect(functionLength(sourceFile('libs/a.spec.ts', `describe('a', () => {\n${body}});\n`))).toEqual([]);
    expect(functionLength(sourceFile('libs/a.spec.ts', `onEachDatabase('a', () => {\n${body}});\n`))).toEqual([]);
    expect(functionLength(sourceFile('libs/a.spec.ts', `it('a', () => {\n${body}});\n`))).toHaveLength(1);
  });

  it('blobSize fires past the limit', () => {
    expect(blobSize(sourceFile('docs/picture.png', '', limits.blobBytes))).toEqual([]);
    expect(blobSize(sourceFile('docs/picture.png', '', limits.blobBytes + 1))).toMatchObject([{ rule: 'blob-size' }]);
    expect(blobSize(sourceFile('docs/openapi.json', '', limits.blobBytes + 1))).toEqual([]);
    expect(blobSize(sourceFile('docs/openapi.json', '', 17 * limits.blobBytes))).toMatchObject([{ rule: 'blob-size' }]);
  });
});
