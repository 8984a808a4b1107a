import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checks } from './all.check.js';
import { repositoryFiles } from './source.file.js';

describe('the repository', () => {
  it('is tidy', () => {
    const files = repositoryFiles(resolve(import.meta.dirname, '../..'));
    expect(files.length).toBeGreaterThan(10);
    const found = files.flatMap((file) => checks.flatMap((check) => check(file)));
    const lines = found.map(({ path, line, rule, detail }) => `${path}:${line} ${rule}: ${detail}`);
    if (lines.length > 0) expect.fail(`${lines.length} violations\n${lines.join('\n')}`);
  });
});
