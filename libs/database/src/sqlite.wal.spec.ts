import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Database } from './index.js';
import type { SqliteConnection } from './sqlite.session.js';
import { writeAhead } from './sqlite.wal.js';

type Connection = SqliteConnection & { close(): unknown };

const require = createRequire(import.meta.url);
const Sqlite = require('libsql') as new (path: string) => Connection;

describe('a new SQLite file that another process holds at this moment', () => {
  let directory = '';
  let holder: Connection;
  let connection: Connection;

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'coser-test-'));
    [holder, connection] = [open(), open()];
    holder.exec('BEGIN IMMEDIATE');
  });
  afterEach(() => {
    for (const one of [holder, connection]) one.close();
    rmSync(directory, { recursive: true });
  });

  const open = (): Connection => new Sqlite(join(directory, 'user.sqlite'));

  it('is written ahead as soon as it is free', async () => {
    // Refused at once, whatever the wait: so the first try has failed when this returns.
    connection.pragma('busy_timeout = 60000');
    const waiting = writeAhead(connection, 60_000);
    holder.exec('COMMIT');
    await waiting;
    expect(connection.pragma('journal_mode')).toEqual([{ journal_mode: 'wal' }]);
  });

  it('is given up after a while', async () => {
    await expect(writeAhead(connection, 50)).rejects.toThrow('locked');
    holder.exec('COMMIT');
  });

  it('opens as a database in the end', async () => {
    const opening = Database.open({ dataDirectory: directory, service: 'user', entities: [], migrations: [] });
    // Whoever opens it has found it held by now, many times over.
    await expect(writeAhead(connection, 200)).rejects.toThrow('locked');
    holder.exec('COMMIT');
    const database = await opening;
    await database.ping();
    await database.close();
  });
});
