import { AppError } from '#contracts';
import { fromSqlTime, sqlTime, type SqlTime, type Tx } from '#database';
import { Refusal } from '#messaging';
import { countTry, type LoginTries } from './login-limits.rules.js';

interface Row {
  tries: number;
  window_started_at: SqlTime;
  locked_until: SqlTime | null;
}

const keptMs = 24 * 3_600_000;
const forgottenAtOnce = 100;

/**
 * Counts a try under a name, by its hash: the row is held until the transaction ends.
 * @returns the refusal, which keeps the count, when there were too many; null when the try may go on
 */
export async function countTryOf(tx: Tx, nameHash: string, now: Date): Promise<Refusal | null> {
  const fresh = { name_hash: nameHash, tries: 0, window_started_at: sqlTime(now) };
  await tx.upsert('console_logins', fresh, { conflict: ['name_hash'] });
  const sql = `SELECT tries, window_started_at, locked_until FROM console_logins WHERE name_hash = ?${tx.lock}`;
  const row = await tx.one<Row>(sql, [nameHash]);
  const verdict = countTry(row ? keptOf(row) : null, now);
  const { tries, windowStartedAt, lockedUntil } = verdict.next;
  await tx.execute('UPDATE console_logins SET tries = ?, window_started_at = ?, locked_until = ? WHERE name_hash = ?', [
    tries,
    sqlTime(windowStartedAt),
    lockedUntil && sqlTime(lockedUntil),
    nameHash,
  ]);
  if (verdict.allowed) return null;
  return new Refusal(new AppError('auth.locked_out', { retry_after_seconds: verdict.retryAfterSeconds }));
}

/** The try was none: the password was right, only the code is still to come. */
export async function giveTryBack(tx: Tx, nameHash: string): Promise<void> {
  await tx.execute('UPDATE console_logins SET tries = tries - 1 WHERE name_hash = ? AND tries > 0', [nameHash]);
}

export async function forgetTries(tx: Tx, nameHash: string): Promise<void> {
  await tx.execute('DELETE FROM console_logins WHERE name_hash = ?', [nameHash]);
}

/** Whoever tries clears away what is a day old, so that the table does not grow with the names that are guessed. */
export async function forgetOldTries(tx: Tx, now: Date): Promise<void> {
  const old = await tx.query<{ name_hash: string }>(
    `SELECT name_hash FROM console_logins WHERE window_started_at < ? LIMIT ${forgottenAtOnce}`,
    [sqlTime(new Date(now.getTime() - keptMs))],
  );
  for (const { name_hash } of old) await forgetTries(tx, name_hash);
}

function keptOf({ tries, window_started_at, locked_until }: Row): LoginTries {
  return {
    tries,
    windowStartedAt: fromSqlTime(window_started_at),
    lockedUntil: locked_until === null ? null : fromSqlTime(locked_until),
  };
}
