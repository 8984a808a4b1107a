import { setTimeout as pause } from 'node:timers/promises';
import { isLockConflict } from './sql.errors.js';
import type { SqliteConnection } from './sqlite.session.js';

const pauseAtMostMs = 25;

/**
 * Lets a file be read while it is written (WAL), and waits up to `patienceMs` for whoever else holds it. SQLite's own wait does not cover
 * this step: it has read the file by then, and where another process that opens the same new file is a step ahead it gives up at once.
 */
export async function writeAhead(connection: SqliteConnection, patienceMs: number): Promise<void> {
  const deadline = performance.now() + patienceMs;
  for (;;) {
    try {
      connection.pragma('journal_mode = WAL');
      return;
    } catch (error) {
      if (!isLockConflict(error) || performance.now() >= deadline) throw error;
      await pause(pauseAtMostMs * Math.random());
    }
  }
}
