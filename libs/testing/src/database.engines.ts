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

/** A temporary directory for SQLite files. */
export function embeddedDatabase(): DatabaseEngine {
  let made: DatabasePlace | undefined;
  return {
    dialect: 'sqlite',
    // Made when it is first used: a suite that is skipped would never remove it.
    get place() {
      made ??= { dataDirectory: mkdtempSync(join(tmpdir(), 'coser-test-')) };
      return made;
    },
    killConnections: async () => 0,
    remove: async () => {
      if (made) rmSync(made.dataDirectory, { recursive: true, force: true });
    },
  };
}

/** Databases `coser_t<random>_<service>` on the server at `url`. */
export function mysqlDatabase(url: string): DatabaseEngine {
  const prefix = `coser_t${randomBytes(5).toString('hex')}`;
  const address = new URL(url);
  address.pathname = `/${prefix}`;
  return {
    dialect: 'mysql',
    place: { dataDirectory: tmpdir(), mysqlUrl: address.href },
    killConnections: () => killConnections(url, prefix),
    remove: () => dropDatabases(url, prefix),
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
