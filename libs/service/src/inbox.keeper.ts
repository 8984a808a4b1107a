import type { Database } from '#database';
import { forgetHandled, type Clock } from '#messaging';
import type { JobRunner } from './job.runner.js';

/** Longer than any dead letter waits, short enough for a small table. */
export const handledKeptMs = 8 * 86_400_000;
const everyMs = 10 * 60 * 1000;
const rowsPerStep = 500;
const stepsPerRound = 200;

/** Adds the job that forgets handled messages after eight days. */
export function keepInboxShort(jobs: JobRunner, { database, clock }: { database: Database; clock: Clock }): void {
  const round = async (stopping: AbortSignal): Promise<void> => {
    const before = new Date(clock.now().getTime() - handledKeptMs);
    for (let step = 0; step < stepsPerRound && !stopping.aborted; step += 1) {
      const forgotten = await database.transaction((tx) => forgetHandled(tx, before, rowsPerStep));
      if (forgotten < rowsPerStep) return;
    }
  };
  jobs.add({ name: 'inbox-keeper', everyMs, lock: 'each', complaint: 'the inbox could not be shortened', round });
}
