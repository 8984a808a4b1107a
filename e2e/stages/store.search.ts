import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import mongoose from 'mongoose';
import { createConnection, type RowDataPacket } from 'mysql2/promise';

/** Something that is kept somewhere, as text. */
interface Kept {
  readonly place: string;
  readonly text: string;
}

interface SqliteConnection {
  prepare(sql: string): { all(): unknown[] };
  close(): void;
}

const require = createRequire(import.meta.url);
/** What stands for Telegram itself, and the keys of this installation. */
const notOurs = ['telegram.json', 'mail-keys.json', 'secrets.json'];

/** The places that hold one of these texts. */
export function placesOf(kept: readonly Kept[], needles: readonly string[]): string[] {
  return kept.flatMap(({ place, text }) =>
    needles
      .filter((needle) => text.toLowerCase().includes(needle.toLowerCase()))
      .map((needle) => `${place}: ${needle}`),
  );
}

/** All rows of all SQLite files, and all other files. */
export function keptInDirectory(directory: string): Kept[] {
  return readdirSync(directory, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && !notOurs.includes(entry.name) && !/-(wal|shm)$/.test(entry.name))
    .flatMap((entry) => {
      const path = join(entry.parentPath, entry.name);
      return path.endsWith('.sqlite') ? keptInSqlite(path) : [{ place: path, text: readFileSync(path, 'latin1') }];
    });
}

function keptInSqlite(path: string): Kept[] {
  const Sqlite = require('libsql') as new (path: string, options: { readonly: boolean }) => SqliteConnection;
  const connection = new Sqlite(path, { readonly: true });
  try {
    const tables = connection.prepare("SELECT name FROM sqlite_master WHERE type = 'table'").all() as {
      name: string;
    }[];
    return tables.map(({ name }) => ({
      place: `${path} ${name}`,
      text: JSON.stringify(connection.prepare(`SELECT * FROM "${name}"`).all()),
    }));
  } finally {
    connection.close();
  }
}

/** All rows of all tables of a MySQL database. */
export async function keptInMysql(url: string): Promise<Kept[]> {
  const connection = await createConnection(url);
  try {
    const [tables] = await connection.query<RowDataPacket[]>('SHOW TABLES');
    const kept: Kept[] = [];
    for (const table of tables.map((row) => String(Object.values(row)[0]))) {
      const [rows] = await connection.query(`SELECT * FROM \`${table}\``);
      kept.push({ place: `mysql ${table}`, text: JSON.stringify(rows) });
    }
    return kept;
  } finally {
    await connection.end();
  }
}

/** All documents of all collections of a MongoDB database. */
export async function keptInMongo(url: string): Promise<Kept[]> {
  const connection = await mongoose.createConnection(url).asPromise();
  try {
    const database = connection.getClient().db();
    const kept: Kept[] = [];
    for (const { name } of await database.listCollections().toArray()) {
      kept.push({ place: `mongodb ${name}`, text: JSON.stringify(await database.collection(name).find().toArray()) });
    }
    return kept;
  } finally {
    await connection.close();
  }
}

/** What counts visits of a minute, and a profile kept for one, is gone before anybody could ask for it. */
const fleetingMs = 120_000;

/** All keys with the prefix of the address that outlive the moment, and their values as far as they are text. */
export async function keptInRedis(url: string): Promise<Kept[]> {
  const prefix = new URL(url).searchParams.get('keyPrefix') ?? '';
  const address = new URL(url);
  address.search = '';
  const redis = new Redis(address.href, { maxRetriesPerRequest: 1 });
  try {
    const keys = await redis.keys(`${prefix}*`);
    const lives = await Promise.all(keys.map((key) => redis.pttl(key)));
    const lasting = keys.filter((_, index) => (lives[index] ?? 0) < 0 || (lives[index] ?? 0) > fleetingMs);
    const values = lasting.map(async (key) => {
      const text = (await redis.type(key)) === 'string' ? await redis.get(key) : await redis.dumpBuffer(key);
      return { place: `redis ${key}`, text: `${key} ${text?.toString('latin1' as never) ?? ''}` };
    });
    return await Promise.all(values);
  } finally {
    redis.disconnect();
  }
}
