import { AppError } from '#contracts';
import type { Reader, SqlTime, Tx } from '#database';
import { userStatuses } from '../identity/profile.rules.js';

export interface PhoneMember {
  id: number;
  telegram_id: string;
  status: number;
}

export interface PhoneRow {
  user_id: number;
  /** Encrypted. */
  phone: string;
  method: 'contact' | 'sms';
  bound_at: SqlTime;
}

export interface PhoneVerificationRow {
  id: string;
  phone: string | null;
  phone_hash: string | null;
  code_hash: string | null;
  status: 'pending' | 'bound' | 'refused' | 'replaced';
  wrong_tries: number;
  expires_at: SqlTime;
}

const columns = 'id, phone, phone_hash, code_hash, status, wrong_tries, expires_at';

/** Locks the member's row, which every change of a member's number does first. @throws AppError user.not_found, user.banned */
export async function lockPhoneMember(tx: Tx, userId: number): Promise<PhoneMember> {
  const row = await tx.one<PhoneMember>(`SELECT id, telegram_id, status FROM users WHERE id = ?${tx.lock}`, [userId]);
  if (!row) throw new AppError('user.not_found');
  if (row.status === userStatuses.banned) throw new AppError('user.banned');
  return row;
}

export function findPhone(reader: Reader, userId: number): Promise<PhoneRow | undefined> {
  return reader.one<PhoneRow>('SELECT user_id, phone, method, bound_at FROM user_phones WHERE user_id = ?', [userId]);
}

export function lockVerification(tx: Tx, id: string, userId: number): Promise<PhoneVerificationRow | undefined> {
  return tx.one<PhoneVerificationRow>(
    `SELECT ${columns} FROM phone_verifications WHERE id = ? AND user_id = ? AND method = 'sms'${tx.lock}`,
    [id, userId],
  );
}

/** The contact that was asked for and has not come yet. */
export function lockAskedContact(tx: Tx, userId: number): Promise<PhoneVerificationRow | undefined> {
  return tx.one<PhoneVerificationRow>(
    `SELECT ${columns} FROM phone_verifications WHERE user_id = ? AND method = 'contact' AND status = 'pending'
     ORDER BY created_at DESC LIMIT 1${tx.lock}`,
    [userId],
  );
}
