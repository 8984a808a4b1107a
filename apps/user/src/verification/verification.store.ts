import { AppError } from '#contracts';
import { fromSqlTime, sqlTime, type Reader, type SqlTime, type Tx } from '#database';
import type { IssuedCode, StoredVerificationStatus } from './mail-match.rules.js';
import { holdsCode } from './verification-secret.rules.js';

/** What verification needs to know of a member. */
export interface MemberRow {
  id: number;
  status: number;
  email: string | null;
  email_canonical: string | null;
  email_bound_at: SqlTime | null;
}

export interface VerificationRow {
  id: string;
  user_id: number;
  email: string;
  email_canonical: string;
  code_hash: string;
  status: StoredVerificationStatus;
  refusal: string | null;
  wrong_tries: number;
  expires_at: SqlTime;
  bound_at: SqlTime | null;
  undo_expires_at: SqlTime | null;
}

const columns = `id, user_id, email, email_canonical, code_hash, status, refusal, wrong_tries, expires_at, bound_at,
  undo_expires_at`;

/** Codes of one address that are looked at: each member has one waiting code, so this many members would have to name it. */
const codesOfAddressAtMost = 1_000;
/** Older codes are not told apart from wrong ones. */
const rememberedMs = 86_400_000;

/** Locks the member's row, which every change of a member's verifications does first. @throws AppError user.not_found */
export async function lockMember(tx: Tx, userId: number): Promise<MemberRow> {
  const row = await findMemberLocked(tx, userId);
  if (!row) throw new AppError('user.not_found');
  return row;
}

/** The same for whom nobody may be there any more. */
export function findMemberLocked(tx: Tx, userId: number): Promise<MemberRow | undefined> {
  const select = 'SELECT id, status, email, email_canonical, email_bound_at FROM users WHERE id = ?';
  return tx.one<MemberRow>(select + tx.lock, [userId]);
}

export interface LockedVerification {
  member: MemberRow;
  row: VerificationRow;
}

/** A code that is issued, whichever way it is proven. */
export interface NewVerification {
  readonly id: string;
  readonly userId: number;
  /** As typed. */
  readonly email: string;
  readonly canonical: string;
  readonly method: 'reverse' | 'code';
  readonly codeHash: string;
  readonly expiresAt: Date;
}

/** Writes a code down in the place of the one that the member has not used. @returns how many it replaces */
export async function replaceVerification(tx: Tx, issued: NewVerification, now: Date): Promise<number> {
  const { id, userId, email, canonical, method, codeHash, expiresAt } = issued;
  const { affected } = await tx.execute(
    "UPDATE email_verifications SET status = 'replaced' WHERE user_id = ? AND status = 'pending'",
    [userId],
  );
  await tx.insert('email_verifications', {
    id,
    user_id: userId,
    email,
    email_canonical: canonical,
    method,
    code_hash: codeHash,
    status: 'pending',
    wrong_tries: 0,
    created_at: sqlTime(now),
    expires_at: sqlTime(expiresAt),
  });
  return affected;
}

/** A member's mailed code (U-09), as it stands under the lock. */
export function lockMailedCode(tx: Tx, id: string, userId: number): Promise<VerificationRow | undefined> {
  return tx.one<VerificationRow>(
    `SELECT ${columns} FROM email_verifications WHERE id = ? AND user_id = ? AND method = 'code'${tx.lock}`,
    [id, userId],
  );
}

/** The member first, then the verification as it stands under the lock; null when either is gone. */
export async function lockWithMember(tx: Tx, at: { id: string; user_id: number }): Promise<LockedVerification | null> {
  const member = await findMemberLocked(tx, at.user_id);
  const row = await tx.one<VerificationRow>(`SELECT ${columns} FROM email_verifications WHERE id = ?${tx.lock}`, [
    at.id,
  ]);
  return member && row ? { member, row } : null;
}

export async function addressIsTaken(reader: Reader, canonical: string, exceptUserId: number): Promise<boolean> {
  const row = await reader.one('SELECT id FROM users WHERE email_canonical = ? AND id <> ?', [canonical, exceptUserId]);
  return row !== undefined;
}

export function findVerificationOf(reader: Reader, id: string, userId: number): Promise<VerificationRow | undefined> {
  return reader.one<VerificationRow>(`SELECT ${columns} FROM email_verifications WHERE id = ? AND user_id = ?`, [
    id,
    userId,
  ]);
}

export interface CodeOfAddress extends IssuedCode {
  readonly row: VerificationRow;
}

/** The codes issued for an address within the last day, the newest first, and whether the mail holds them. */
export async function readCodesOf(
  tx: Tx,
  canonical: string,
  mailed: { key: Buffer; codes: readonly string[]; now: Date },
): Promise<CodeOfAddress[]> {
  const rows = await tx.query<VerificationRow>(
    `SELECT ${columns} FROM email_verifications WHERE email_canonical = ? AND method = 'reverse' AND created_at > ?
     ORDER BY created_at DESC, id DESC LIMIT ${codesOfAddressAtMost}`,
    [canonical, sqlTime(new Date(mailed.now.getTime() - rememberedMs))],
  );
  return rows.map((row) => ({
    id: row.id,
    status: row.status,
    expiresAt: fromSqlTime(row.expires_at),
    hit: holdsCode(mailed.key, row, mailed.codes),
    row,
  }));
}
