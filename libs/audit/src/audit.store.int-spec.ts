import { mkdtempSync, rmSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import mongoose from 'mongoose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { loadConfiguration, urlOf } from '#config';
import { timeOrderedId } from '#messaging';
import { eventually } from '#testing';
import { TcpProxy } from '#testing/tcp-proxy';
import { AuditUnavailableError, openAuditStore, type AuditEntry, type AuditFilter, type AuditStore } from './index.js';

const { TEST_MONGODB_URL } = loadConfiguration(
  z.object({ TEST_MONGODB_URL: urlOf('mongodb', 'mongodb+srv').optional() }),
);
const ownDatabase = `audit_test_${randomBytes(6).toString('hex')}`;
const start = Date.parse('2026-03-01T00:00:00Z');
const require = createRequire(import.meta.url);

const sides = [
  { name: 'SQLite', mongodbUrl: undefined, skipped: false },
  { name: 'MongoDB (TEST_MONGODB_URL)', mongodbUrl: mongodbUrl(), skipped: !TEST_MONGODB_URL },
];

function mongodbUrl(port?: number): string | undefined {
  if (!TEST_MONGODB_URL) return undefined;
  const url = new URL(TEST_MONGODB_URL);
  url.pathname = `/${ownDatabase}`;
  if (port !== undefined) url.host = `127.0.0.1:${port}`;
  return url.href;
}

function entryAt(minute: number, fields: Partial<AuditEntry> = {}): AuditEntry {
  const at = new Date(start + minute * 60_000);
  return {
    id: timeOrderedId(at),
    at: at.toISOString(),
    service: 'user',
    event: 'user.created.v1',
    actor: 'visitor',
    user_id: null,
    request_id: `request-${minute}`,
    channel: 'bot',
    ip: null,
    before: null,
    after: null,
    payload: {},
    ...fields,
  };
}

afterAll(async () => {
  const url = mongodbUrl();
  if (!url) return;
  const connection = await mongoose.createConnection(url).asPromise();
  await connection.dropDatabase();
  await connection.close();
});

describe.each(sides)('audit store on $name', ({ mongodbUrl, skipped }) => {
  describe.skipIf(skipped)('append and search', () => {
    const dataDirectory = mkdtempSync(join(tmpdir(), 'audit-'));
    const member = [0, 1, 2, 3, 4].map((minute) => entryAt(minute, { user_id: 7, actor: 'user:7' }));
    const operator = [5, 6].map((minute) =>
      entryAt(minute, { event: 'points.adjusted.v1', service: 'points', user_id: 7, actor: 'user:1', ip: '192.0.2.1' }),
    );
    let store: AuditStore;
    const find = async (filter: Partial<AuditFilter>): Promise<AuditEntry[]> =>
      (await store.search({ limit: 100, ...filter })).items;

    beforeAll(async () => {
      store = await openAuditStore({ mongodbUrl, dataDirectory });
      await store.append([...member, ...operator]);
    });
    afterAll(async () => {
      await store.close();
      rmSync(dataDirectory, { recursive: true });
    });

    it('answers', async () => {
      await expect(store.ping()).resolves.toBeUndefined();
      await expect(store.append([])).resolves.toBeUndefined();
      expect(await store.count()).toBe(7);
    });

    it('gives entries back as they were, newest first', async () => {
      expect(await find({})).toEqual([...member, ...operator].reverse());
    });

    it('finds by member, actor, event, request and several at once', async () => {
      expect(await find({ user_id: 7 })).toHaveLength(7);
      expect(await find({ user_id: 8 })).toEqual([]);
      expect(await find({ actor: 'user:7' })).toEqual([...member].reverse());
      expect(await find({ event: 'points.adjusted.v1' })).toEqual([...operator].reverse());
      expect(await find({ request_id: 'request-3' })).toEqual([member[3]]);
      expect(await find({ actor: 'user:7', event: 'points.adjusted.v1' })).toEqual([]);
    });

    it('finds by time: from is included, to is not', async () => {
      const time = (minute: number): string => new Date(start + minute * 60_000).toISOString();
      expect(await find({ from: time(2), to: time(4) })).toEqual([member[3], member[2]]);
      expect(await find({ from: '2026-03-01T00:06:00Z' })).toEqual([operator[1]]);
      expect(await find({ to: '1969-01-01T00:00:00Z' })).toEqual([]);
    });

    it('turns pages without gaps or repeats', async () => {
      const pages: AuditEntry[][] = [];
      for (let before: string | undefined; ;) {
        const page = await store.search({ user_id: 7, limit: 3, before_id: before });
        pages.push(page.items);
        if (page.nextBeforeId === null) break;
        before = page.nextBeforeId;
      }
      expect(pages.map(({ length }) => length)).toEqual([3, 3, 1]);
      expect(pages.flat()).toEqual([...member, ...operator].reverse());
      expect((await store.search({ limit: 7 })).nextBeforeId).toBeNull();
    });

    it('keeps the first of two entries with one id, and the rest of the batch', async () => {
      const before = await store.count();
      const fresh = [entryAt(20, { request_id: 'fresh' }), entryAt(21, { request_id: 'fresh' })];
      const again = { ...(member[0] as AuditEntry), event: 'forged.v1' };
      await store.append([again, ...fresh.slice(0, 1), again, ...fresh]);
      await store.append(fresh);
      expect(await store.count()).toBe(before + 2);
      expect(await find({ request_id: 'fresh' })).toHaveLength(2);
      expect(await find({ event: 'forged.v1' })).toEqual([]);
      expect(await find({ request_id: 'request-0' })).toEqual([member[0]]);
    });

    it('keeps what happened in all its shapes', async () => {
      const state = {
        name: '雪',
        empty: {},
        none: null,
        list: [1, 'два', { deep: [true] }],
        half: 0.5,
        large: 2 ** 53 - 1,
      };
      const entry = entryAt(30, { request_id: 'shapes', before: null, after: state, payload: [state, ''] });
      await store.append([entry]);
      expect(await find({ request_id: 'shapes' })).toEqual([entry]);
    });

    it('stores all of many batches that arrive at once', async () => {
      const before = await store.count();
      const batches = Array.from({ length: 20 }, (_, batch) =>
        Array.from({ length: 100 }, (_, index) => entryAt(100 + batch, { request_id: `load-${batch}-${index}` })),
      );
      await Promise.all([...batches, ...batches].map((batch) => store.append(batch)));
      expect(await store.count()).toBe(before + 2_000);
    });

    it('U-15: takes out who a member was, and nothing else', async () => {
      const person = { first_name: 'Canary', locale: 'ru' };
      const about = entryAt(50, { request_id: 'erase', user_id: 70, ip: '192.0.2.9', before: null, after: person });
      const by = entryAt(51, { request_id: 'erase', user_id: 71, actor: 'user:70', ip: '192.0.2.9', after: person });
      const other = entryAt(52, { request_id: 'erase', user_id: 72, ip: '192.0.2.9', after: person });
      await store.append([about, by, other]);
      await store.pseudonymise(70);
      await store.pseudonymise(70);
      expect(await find({ request_id: 'erase' })).toEqual([
        other,
        { ...by, ip: null },
        { ...about, ip: null, after: { first_name: '[erased]', locale: 'ru' } },
      ]);
      await store.append([{ ...about, event: 'forged.v1' }]);
      expect(await find({ event: 'forged.v1' })).toEqual([]);
    });

    it('is unavailable once closed', async () => {
      const other = await openAuditStore({ mongodbUrl, dataDirectory });
      await other.close();
      await expect(other.append([entryAt(40)])).rejects.toThrow(AuditUnavailableError);
      await expect(other.ping()).rejects.toThrow(AuditUnavailableError);
    });
  });
});

describe('the SQLite file', () => {
  it('refuses changes to what was written, whoever tries', async () => {
    const dataDirectory = mkdtempSync(join(tmpdir(), 'audit-'));
    const store = await openAuditStore({ dataDirectory });
    await store.append([entryAt(0)]);
    const Database = require('libsql') as new (path: string) => { exec(sql: string): unknown; close(): unknown };
    const intruder = new Database(join(dataDirectory, 'audit.sqlite'));
    expect(() => intruder.exec(`UPDATE audit_entries SET actor = 'somebody'`)).toThrow('append-only');
    expect(() => intruder.exec('DELETE FROM audit_entries')).toThrow('append-only');
    await store.pseudonymise(7);
    expect(() => intruder.exec(`UPDATE audit_entries SET actor = 'somebody'`)).toThrow('append-only');
    intruder.close();
    expect(await store.count()).toBe(1);
    await store.close();
    rmSync(dataDirectory, { recursive: true });
  });
});

describe.skipIf(!TEST_MONGODB_URL)('MongoDB (TEST_MONGODB_URL) that goes away', () => {
  it('says so, whether it was away first or later, and works when it is there', async () => {
    const direct = new URL(TEST_MONGODB_URL ?? 'mongodb://127.0.0.1');
    const proxy = await TcpProxy.start({ host: direct.hostname, port: Number(direct.port || 27_017) });
    proxy.refuse();
    const store = await openAuditStore({ mongodbUrl: mongodbUrl(proxy.port), dataDirectory: '' });
    const entry = entryAt(0, { request_id: 'outage' });
    const search = (): ReturnType<AuditStore['search']> => store.search({ request_id: 'outage', limit: 10 });
    try {
      for (const round of [1, 2]) {
        proxy.refuse();
        await expect(store.append([entry]), `round ${round}`).rejects.toThrow(AuditUnavailableError);
        await expect(search()).rejects.toThrow(AuditUnavailableError);
        await expect(store.ping()).rejects.toThrow(AuditUnavailableError);
        proxy.heal();
        await eventually(() => store.append([entry]));
        expect((await search()).items).toEqual([entry]);
      }
    } finally {
      await store.close();
      await proxy.stop();
    }
  });

  it('keeps the indexes that searches walk', async () => {
    const store = await openAuditStore({ mongodbUrl: mongodbUrl(), dataDirectory: '' });
    await store.close();
    const connection = await mongoose.createConnection(mongodbUrl() ?? '').asPromise();
    const indexes = await connection.collection('audit_entries').indexes();
    await connection.close();
    const keys = indexes.map(({ key }) => Object.keys(key as object).join('+'));
    expect(keys.sort()).toEqual(['_id', 'actor+_id', 'event+_id', 'request_id', 'user_id+_id']);
  });
});
