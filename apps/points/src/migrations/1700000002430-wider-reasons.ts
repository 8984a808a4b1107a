import { runStatements, type MigrationInterface, type QueryRunner } from '#database';

const columns = [
  ['point_adjustments', 'reason', 'NOT NULL'],
  ['point_adjustments', 'decision_note', 'NULL'],
  ['points_exchange_records', 'note', 'NULL'],
  ['points_exchange_steps', 'note', 'NULL'],
  ['velocity_alarms', 'note', 'NULL'],
] as const;

/** Reasons and notes are as long as everywhere. SQLite asks for no length, so there is nothing to widen. */
export class WiderReasons1700000002430 implements MigrationInterface {
  up(runner: QueryRunner): Promise<void> {
    return widen(runner, 255);
  }

  down(runner: QueryRunner): Promise<void> {
    return widen(runner, 200);
  }
}

async function widen(runner: QueryRunner, length: number): Promise<void> {
  if (runner.connection.options.type !== 'mysql') return;
  await runStatements(
    runner,
    columns.map(([table, column, nullable]) => `ALTER TABLE ${table} MODIFY ${column} VARCHAR(${length}) ${nullable}`),
  );
}
