import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { onEachDatabase } from '#testing/engines';
import { Database, runStatements, schemaWords, type MigrationInterface, type QueryRunner } from './index.js';

const reads = /^\s*(SELECT|SHOW)/i;

/** A connection that breaks off at its `at`th writing statement: just before it is done, or just after. */
function breakingOff(runner: QueryRunner, at: number, moment: 'before' | 'after'): QueryRunner {
  let count = 0;
  const query = async (sql: string, values?: unknown[]): Promise<unknown> => {
    const breaks = !reads.test(sql) && (count += 1) === at;
    if (breaks && moment === 'before') throw new Error('broken off');
    const result: unknown = await runner.query(sql, values);
    if (breaks) throw new Error('broken off');
    return result;
  };
  return Object.create(runner, { query: { value: query } }) as QueryRunner;
}

/** Makes tables and rows in ways of which none can be done twice. */
function statementsFor(name: string, tableEnd: string): string[] {
  return [
    `CREATE TABLE ${name} (word VARCHAR(16) NOT NULL, amount INT NOT NULL) ${tableEnd}`,
    `INSERT INTO ${name} (word, amount) VALUES ('a', 1), ('b', 2)`,
    `CREATE UNIQUE INDEX idx_${name}_word ON ${name} (word)`,
    `ALTER TABLE ${name} ADD COLUMN extra INT NOT NULL DEFAULT 7`,
    `UPDATE ${name} SET amount = amount * 10 + extra`,
    `ALTER TABLE ${name} DROP COLUMN extra`,
    `CREATE TABLE ${name}_gone (id INT NOT NULL) ${tableEnd}`,
    `DROP TABLE ${name}_gone`,
  ];
}

onEachDatabase('a migration that is broken off', (engine) => {
  let database: Database;
  let migrations = 0;
  beforeAll(async () => {
    database = await Database.open({ ...engine.place, service: 'steps', entities: [], migrations: [] });
  });
  afterAll(() => database.close());

  const tablesNamed = (name: string): Promise<unknown[]> =>
    database.reader.query(
      database.dialect === 'mysql'
        ? 'SELECT table_name FROM information_schema.tables WHERE table_schema = DATABASE() AND table_name = ?'
        : "SELECT name FROM sqlite_master WHERE type = 'table' AND name = ?",
      [name],
    );
  /** A process that migrates; `at` and `moment` say where it is broken off. Resolves to whether it came to the end. */
  const migrate = async (name: string, broken?: { at: number; moment: 'before' | 'after' }): Promise<boolean> => {
    class Steps implements MigrationInterface {
      readonly name = `${name}1700000000001`;
      async up(runner: QueryRunner): Promise<void> {
        const through = broken ? breakingOff(runner, broken.at, broken.moment) : runner;
        await runStatements(through, statementsFor(name, schemaWords(runner).tableEnd));
      }
      async down(): Promise<void> {
        // Not asked for here.
      }
    }
    const options = { ...engine.place, service: 'steps', entities: [], migrations: [Steps] };
    const process = await Database.open(options);
    try {
      await process.migrate();
      return true;
    } catch (error) {
      if (!String(error).includes('broken off')) throw error;
      return false;
    } finally {
      await process.close();
    }
  };

  describe.each(['before', 'after'] as const)('just %s a statement', (moment) => {
    it('goes on there, does nothing twice and leaves nothing out, wherever that is', async () => {
      for (let at = 1, ended = false; !ended; at += 1) {
        const name = `steps_${(migrations += 1)}`;
        ended = await migrate(name, { at, moment });
        if (!ended) {
          // Broken off a second time, at the next statement but one.
          await migrate(name, { at: 2, moment });
          expect(await migrate(name), `broken off ${moment} statement ${at}`).toBe(true);
        } else expect(at).toBeGreaterThan(statementsFor(name, '').length);
        expect(await database.reader.query(`SELECT word, amount FROM ${name} ORDER BY word`)).toEqual([
          { word: 'a', amount: 17 },
          { word: 'b', amount: 27 },
        ]);
        expect(await tablesNamed(`${name}_gone`)).toEqual([]);
        expect(await tablesNamed('migration_steps')).toEqual([]);
      }
    });
  });

  it('stays refused where a table is there that it has not made', async () => {
    const name = `steps_${(migrations += 1)}`;
    await database.transaction((tx) => tx.execute(`CREATE TABLE ${name} (word INT)`));
    await expect(migrate(name)).rejects.toThrow(/already exists/);
    await expect(migrate(name)).rejects.toThrow(/already exists/);
  });
});
