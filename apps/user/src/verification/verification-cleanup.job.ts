import { Injectable } from '@nestjs/common';
import { Database, placeholders, sqlTime } from '#database';
import type { Clock } from '#messaging';
import { InjectClock, JobRunner } from '#service';

const everyMs = 3_600_000;
/** Longer than a mail is fresh and than wrong tries are counted. */
const keptMs = 8 * 86_400_000;
const rowsPerStep = 500;
const stepsPerRound = 100;

/** The tables that only remember, their key and when a row was written. */
const memories = [
  { table: 'seen_mails', key: 'hash', at: 'seen_at' },
  { table: 'verification_failures', key: 'id', at: 'failed_at' },
  { table: 'phone_verifications', key: 'id', at: 'created_at' },
  { table: 'verification_targets', key: 'hash', at: 'asked_at' },
] as const;

/** Forgets replays and wrong tries that count no more, a bounded number at a time. */
@Injectable()
export class VerificationCleanupJob {
  constructor(
    private readonly database: Database,
    @InjectClock() private readonly clock: Clock,
    jobs: JobRunner,
  ) {
    jobs.add({
      name: 'verification-cleanup',
      everyMs,
      lock: 'none',
      complaint: 'old verification rows could not be removed',
      round: () => this.round(),
    });
  }

  /** Removes what is older than eight days. */
  async round(): Promise<void> {
    const before = sqlTime(new Date(this.clock.now().getTime() - keptMs));
    for (const memory of memories) {
      for (let step = 0; step < stepsPerRound; step += 1) {
        if ((await this.removeSome(memory, before)) < rowsPerStep) break;
      }
    }
  }

  private removeSome({ table, key, at }: (typeof memories)[number], before: string): Promise<number> {
    return this.database.transaction(async (tx) => {
      const rows = await tx.query<{ value: string | number }>(
        `SELECT ${key} AS value FROM ${table} WHERE ${at} < ? ORDER BY ${at} LIMIT ${rowsPerStep}`,
        [before],
      );
      if (rows.length === 0) return 0;
      const values = rows.map(({ value }) => value);
      await tx.executeOnce(`DELETE FROM ${table} WHERE ${key} IN (${placeholders(values.length)})`, values);
      return rows.length;
    });
  }
}
