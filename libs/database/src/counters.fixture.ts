import {
  Database,
  type DatabaseOptions,
  runStatements,
  schemaWords,
  type MigrationInterface,
  type QueryRunner,
  type Tx,
} from './index.js';

export class CreateCounters1700000000001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    const words = schemaWords(runner);
    await runStatements(runner, [
      `CREATE TABLE counters (name VARCHAR(32) NOT NULL PRIMARY KEY, amount BIGINT NOT NULL) ${words.tableEnd}`,
      `CREATE TABLE notes (
        id ${words.autoId}, word VARCHAR(32) NOT NULL, at DATETIME(3) NULL,
        made_at ${words.createdAt}, CONSTRAINT notes_word UNIQUE (word)
      ) ${words.tableEnd}`,
    ]);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runStatements(runner, ['DROP TABLE notes', 'DROP TABLE counters']);
  }
}

export interface Counter {
  amount: number;
}

export function openDatabase(
  engine: { place: Pick<DatabaseOptions, 'dataDirectory' | 'mysqlUrl'> },
  service: string,
  options: object = {},
): Promise<Database> {
  return Database.open({
    ...engine.place,
    service,
    entities: [],
    migrations: [CreateCounters1700000000001],
    ...options,
  });
}

export async function amountOf(database: Database, name: string): Promise<number | undefined> {
  return (await database.reader.one<Counter>('SELECT amount FROM counters WHERE name = ?', [name]))?.amount;
}

export async function add(tx: Tx, name: string, more: number): Promise<void> {
  const row = await tx.one<Counter>(`SELECT amount FROM counters WHERE name = ?${tx.lock}`, [name]);
  await tx.execute('UPDATE counters SET amount = ? WHERE name = ?', [(row?.amount ?? 0) + more, name]);
}
