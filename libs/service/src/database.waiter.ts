import { setTimeout as pause } from 'node:timers/promises';
import { Database, isConnectionProblem, type DatabaseOptions } from '#database';
import type { Logger } from './logger.js';

const retryDelaysMs = [100, 200, 500, 1000] as const;

/**
 * Opens and migrates a service's database; waits for a server that is away, as long as it takes, as it does for the broker: a
 * service that is started while its database restarts must not end. Rejects when the server is there and says no.
 */
export function openDatabasePatiently(options: DatabaseOptions, logger: Logger): Promise<Database> {
  return onceDatabaseIsThere(logger, async () => {
    let database: Database | null = null;
    try {
      database = await Database.open(options);
      await database.migrate();
      return database;
    } catch (error) {
      await database?.close().catch(() => undefined);
      throw error;
    }
  });
}

/** Does what a service must have done before it serves, again and again while its database is away. It must be repeatable. */
export async function onceDatabaseIsThere<Result>(logger: Logger, work: () => Promise<Result>): Promise<Result> {
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      if (!isConnectionProblem(error)) throw error;
      logger.warn({ error, attempt }, 'the database is not reachable');
      await pause(retryDelaysMs[Math.min(attempt, retryDelaysMs.length - 1)]);
    }
  }
}
