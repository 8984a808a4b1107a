import { AppError } from '#contracts';
import { sqlTime, type Reader, type SqlTime, type Tx } from '#database';
import { endSession, openSessions } from '../session/session.store.js';
import type { CommandContext } from '#messaging';

export interface ConsoleAccount {
  user_id: number;
  username: string;
  password_hash: string | null;
  password_version: number;
  totp_secret: string | null;
  totp_confirmed_at: SqlTime | null;
  totp_last_step: number;
  created_at: SqlTime;
}

const columns = `user_id, username, password_hash, password_version, totp_secret, totp_confirmed_at, totp_last_step,
  created_at`;

export function findAccount(reader: Reader, userId: number): Promise<ConsoleAccount | undefined> {
  return reader.one<ConsoleAccount>(`SELECT ${columns} FROM console_accounts WHERE user_id = ?`, [userId]);
}

export function findAccountNamed(reader: Reader, username: string): Promise<ConsoleAccount | undefined> {
  return reader.one<ConsoleAccount>(`SELECT ${columns} FROM console_accounts WHERE username = ?`, [
    username.toLowerCase(),
  ]);
}

/** @throws AppError console.account_unknown */
export async function lockAccount(tx: Tx, userId: number): Promise<ConsoleAccount> {
  const sql = `SELECT ${columns} FROM console_accounts WHERE user_id = ?${tx.lock}`;
  const account = await tx.one<ConsoleAccount>(sql, [userId]);
  if (!account) throw new AppError('console.account_unknown');
  return account;
}

/** A new password; the token that was for it is used up. */
export async function writePassword(tx: Tx, account: ConsoleAccount, passwordHash: string): Promise<void> {
  await tx.execute(
    `UPDATE console_accounts SET password_hash = ?, password_version = ?, token_hash = NULL, token_expires_at = NULL
     WHERE user_id = ?`,
    [passwordHash, account.password_version + 1, account.user_id],
  );
}

export async function writeToken(tx: Tx, userId: number, tokenHash: string, expiresAt: Date): Promise<void> {
  await tx.execute('UPDATE console_accounts SET token_hash = ?, token_expires_at = ? WHERE user_id = ?', [
    tokenHash,
    sqlTime(expiresAt),
    userId,
  ]);
}

/** Ends the console's sessions of a member, but the one named. */
export async function endConsoleSessions(context: CommandContext, userId: number, but?: string): Promise<void> {
  const open = await openSessions(context.tx, userId, context.now);
  for (const session of open.filter(({ id, method }) => method === 'console' && id !== but)) {
    await endSession(context, session, 'password_changed');
  }
}
