import { Injectable } from '@nestjs/common';
import { AppError } from '#contracts';
import { fromSqlTime, sqlTime, type Reader, type SqlTime } from '#database';
import type { CommandContext } from '#messaging';
import { countedMs, secondsUntilForgotten, type TryScope } from './verification-limits.rules.js';

/** Counts wrong codes per member, sender, domain and altogether, and says who is locked out (U-08). */
@Injectable()
export class WrongTriesService {
  /** Seconds until the last of the scopes that are locked out is free again; null when none is. */
  async lockedForSeconds(reader: Reader, scopes: readonly TryScope[], now: Date): Promise<number | null> {
    let seconds: number | null = null;
    for (const { name, limit } of scopes) {
      // The oldest of the tries that fill the limit: when it is forgotten, there is room for one more.
      const row = await reader.one<{ failed_at: SqlTime }>(
        `SELECT failed_at FROM verification_failures WHERE scope = ? AND failed_at > ?
         ORDER BY failed_at DESC LIMIT 1 OFFSET ${Math.trunc(limit) - 1}`,
        [name, sqlTime(new Date(now.getTime() - countedMs))],
      );
      if (row) seconds = Math.max(seconds ?? 0, secondsUntilForgotten(fromSqlTime(row.failed_at), now));
    }
    return seconds;
  }

  /** @throws AppError verification.locked_out when one of the scopes is. */
  async refuseLocked(reader: Reader, scopes: readonly TryScope[], now: Date): Promise<void> {
    const seconds = await this.lockedForSeconds(reader, scopes, now);
    if (seconds !== null) throw new AppError('verification.locked_out', { retry_after_seconds: seconds });
  }

  /** How many more wrong codes the scope of a member allows within the hour. */
  async triesLeft(reader: Reader, { name, limit }: TryScope, now: Date): Promise<number> {
    const since = sqlTime(new Date(now.getTime() - countedMs));
    const tries = await reader.count('verification_failures WHERE scope = ? AND failed_at > ?', [name, since]);
    return Math.max(0, limit - tries);
  }

  /** Writes one wrong try down under all scopes. */
  async count({ tx, now }: CommandContext, scopes: readonly TryScope[]): Promise<void> {
    const failedAt = sqlTime(now);
    await tx.insert(
      'verification_failures',
      scopes.map(({ name }) => ({ scope: name, failed_at: failedAt })),
    );
  }
}
