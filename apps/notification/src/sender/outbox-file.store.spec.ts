import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { OutboxFiles } from './outbox-file.store.js';

describe('an embedded outbox', () => {
  let parent = '';
  let directory = '';
  let files: OutboxFiles;
  beforeEach(() => {
    parent = mkdtempSync(join(tmpdir(), 'coser-outbox-'));
    directory = join(parent, 'outbox');
    files = new OutboxFiles(directory);
  });
  afterEach(() => rmSync(parent, { recursive: true }));

  const at = (second: number): Date => new Date(Date.UTC(2026, 2, 1, 12, 0, second));

  it('is empty before its directory exists', async () => {
    expect(await files.readNewest(10)).toEqual([]);
    expect(await files.read('none.json')).toBeNull();
  });

  it('shows the newest first, and once what was sent again', async () => {
    await files.write(at(1), 'one', { text: 'first' });
    await files.write(at(2), 'two', { text: 'second' });
    await files.write(at(1), 'one', { text: 'first again' });
    expect(await files.readNewest(10)).toEqual([{ text: 'second' }, { text: 'first again' }]);
    expect(await files.readNewest(1)).toEqual([{ text: 'second' }]);
  });

  it('is for its owner alone: messages hold codes', async () => {
    await files.write(at(1), 'code', { text: '123456' });
    const [name = ''] = await files.newestFirst();
    expect(statSync(join(directory, name)).mode & 0o077).toBe(0);
  });

  it('keeps no more than the latest, and what is removed is gone', async () => {
    for (let second = 0; second <= 500; second += 1) await files.write(at(second), String(second), { second });
    const names = await files.newestFirst();
    expect(names).toHaveLength(500);
    expect(await files.read(names.at(-1) ?? '')).toEqual({ second: 1 });
    await files.remove(names[0] ?? '');
    await files.remove(names[0] ?? '');
    expect(await files.readNewest(1)).toEqual([{ second: 499 }]);
  });
});
