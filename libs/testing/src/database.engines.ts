import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createConnection, type RowDataPacket } from 'mysql2/promise';

/** What `Database.open` takes to say where a database is. */
export interface DatabasePlace {
  dataDirectory: string;
  mysqlUrl?: string;
}

/** One kind of database under test, with a place of its own. */
export interface DatabaseEngine {
  readonly dialect: 'sqlite' | 'mysql';
  readonly place: DatabasePlace;
  /** Cuts every connection to the databases of this place, as a restart of the server would; nothing to cut on SQLite. */
  killConnections(): Promise<number>;
  /** Removes everything that was made in the place. */
  remove(): Promise<void>;
}

/** A directory of its own, made when it is first used, and gone with the process at the latest: a skipped suite removes nothing. */
class TestDirectory {
  private made: string | undefined;

  get path(): string {
    this.made ??= madeDirectory();
    return this.made;
  }

  remove(): void {
    if (this.made !== undefined) removeDirectory(this.made);
  }
}

/** Those that are not removed yet. A worker runs many suites one after the other. */
const directories = new Set<string>();

function madeDirectory(): string {
  const path = mkdtempSync(join(tmpdir(), 'coser-test-'));
  if (directories.size === 0) process.once('exit', removeAll);
  directories.add(path);
  return path;
}

function removeDirectory(path: string): void {
  rmSync(path, { recursive: true, force: true });
  directories.delete(path);
  if (directories.size === 0) process.off('exit', removeAll);
}

function removeAll(): void {
  for (const path of directories) rmSync(path, { recursive: true, force: true });
}

/** A temporary directory for SQLite files. */
export function embeddedDatabase(): DatabaseEngine {
  const directory = new TestDirectory();
  return {
    dialect: 'sqlite',
    get place() {
      return { dataDirectory: directory.path };
    },
    killConnections: async () => 0,
    remove: async () => directory.remove(),
  };
}

/** Databases `coser_t<random>_<service>` on the server at `url`. */
export function mysqlDatabase(url: string): DatabaseEngine {
  const prefix = `coser_t${randomBytes(5).toString('hex')}`;
  const address = new URL(url);
  address.pathname = `/${prefix}`;
  // Services keep more than tables: audit log and mailbox in the directory of all temporary files would be everybody's.
  const directory = new TestDirectory();
  return {
    dialect: 'mysql',
    get place() {
      return { dataDirectory: directory.path, mysqlUrl: address.href };
    },
    killConnections: () => killConnections(url, prefix),
    remove: async () => {
      directory.remove();
      await dropDatabases(url, prefix);
    },
  };
}

async function killConnections(url: string, prefix: string): Promise<number> {
  return asAdministrator(url, async (query) => {
    const threads = await query<{ id: number }>(
      `SELECT id AS id FROM information_schema.processlist WHERE db LIKE '${prefix}%' AND id <> CONNECTION_ID()`,
    );
    for (const { id } of threads) await query(`KILL ${id}`).catch(() => undefined);
    return threads.length;
  });
}

async function dropDatabases(url: string, prefix: string): Promise<void> {
  await asAdministrator(url, async (query) => {
    const names = await query<{ name: string }>(
      `SELECT schema_name AS name FROM information_schema.schemata WHERE schema_name LIKE '${prefix}%'`,
    );
    for (const { name } of names) await query(`DROP DATABASE IF EXISTS \`${name}\``);
  });
}

type Query = <Row = unknown>(sql: string) => Promise<Row[]>;

async function asAdministrator<Result>(url: string, work: (query: Query) => Promise<Result>): Promise<Result> {
  const address = new URL(url);
  address.pathname = '/';
  const connection = await createConnection(address.href);
  try {
    return await work(
      async <Row>(sql: string) => (await connection.query<RowDataPacket[]>(sql))[0] as unknown as Row[],
    );
  } finally {
    await connection.end();
  }
}
