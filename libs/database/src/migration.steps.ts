import { createHash } from 'node:crypto';
import type { QueryRunner } from 'typeorm';
import { isThereAlready } from './sql.errors.js';

const table = 'migration_steps';

/** For MySQL, before migrations run: where {@link runStatements} writes down how far each has come. */
export const openSteps = `CREATE TABLE IF NOT EXISTS ${table} (id VARCHAR(80) NOT NULL PRIMARY KEY, step INT NOT NULL, refused INT NULL)`;
/** When all of them are done; at each start, for a process may have died before it. */
export const closeSteps = `DROP TABLE IF EXISTS ${table}`;

interface Progress {
  /** How many statements are done. */
  step: number;
  /** The statement that the server has answered with a refusal: it was not done for certain. */
  refused: number | null;
}

/**
 * Runs a migration's statements one after the other. MySQL commits each change of a schema by itself, so a process or a server that dies
 * in between leaves half a migration: its next run goes on at the statement that was not finished. A statement that writes rows is
 * committed together with the step; of a change of the schema nobody knows whether it was made, so one that is there already is taken
 * for the one that was broken off. SQLite needs none of it: there the whole migration is one transaction.
 */
export async function runStatements(runner: QueryRunner, statements: readonly string[]): Promise<void> {
  if (!(await runner.hasTable(table))) return runAll(runner, statements);
  const id = await idOf(runner, statements);
  const rows = (await runner.query(`SELECT step, refused FROM ${table} WHERE id = ?`, [id])) as Progress[];
  const reached = rows[0];
  if (!reached) await runner.query(`INSERT INTO ${table} (id, step) VALUES (?, 0)`, [id]);
  for (const [step, statement] of statements.entries()) {
    if (step < (reached?.step ?? 0)) continue;
    const write = (column: keyof Progress, value: number): Promise<unknown> =>
      runner.query(`UPDATE ${table} SET ${column} = ? WHERE id = ?`, [value, id]);
    const done = (): Promise<unknown> => write('step', step + 1);
    if (!isSchemaChange(statement)) {
      await commitTogether(runner, [() => runner.query(statement), done]);
      continue;
    }
    const mayBeDone = reached?.step === step && reached.refused !== step;
    await changeSchema(runner, statement, { mayBeDone, refuse: () => write('refused', step) });
    await done();
  }
}

async function runAll(runner: QueryRunner, statements: readonly string[]): Promise<void> {
  for (const statement of statements) await runner.query(statement);
}

/** Migrations are recorded one by one, so their number tells which one this is, should two of them say the same. */
async function idOf(runner: QueryRunner, statements: readonly string[]): Promise<string> {
  const [recorded] = (await runner.query('SELECT COUNT(*) AS total FROM migrations')) as { total: number | string }[];
  const hash = createHash('sha256').update(JSON.stringify(statements)).digest('hex');
  return `${Number(recorded?.total)}:${hash}`;
}

async function changeSchema(
  runner: QueryRunner,
  statement: string,
  { mayBeDone, refuse }: { mayBeDone: boolean; refuse: () => Promise<unknown> },
): Promise<void> {
  try {
    await runner.query(statement);
  } catch (error) {
    if (!isThereAlready(error)) throw error;
    if (mayBeDone) return;
    await refuse();
    throw error;
  }
}

async function commitTogether(runner: QueryRunner, writes: readonly (() => Promise<unknown>)[]): Promise<void> {
  await runner.query('START TRANSACTION');
  try {
    for (const write of writes) await write();
    await runner.query('COMMIT');
  } catch (error) {
    await runner.query('ROLLBACK').catch(() => undefined);
    throw error;
  }
}

function isSchemaChange(statement: string): boolean {
  return /^\s*(CREATE|ALTER|DROP|RENAME)\s/i.test(statement);
}
