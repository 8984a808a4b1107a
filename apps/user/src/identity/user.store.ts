import { randomUUID } from 'node:crypto';
import { AppError, type Locale, type Role } from '#contracts';
import { sqlTime, type Reader, type SqlValue, type Tx } from '#database';
import type { UserRow } from './profile.rules.js';

const columns = `id, telegram_id, email, status, points, created_at, kind, first_name, username, locale, role,
  membership_kind, membership_plan, membership_started_at, membership_expires_at`;

export function findUser(reader: Reader, id: number): Promise<UserRow | undefined> {
  return reader.one<UserRow>(`SELECT ${columns} FROM users WHERE id = ?`, [id]);
}

export function findUserByTelegramId(reader: Reader, telegramId: string): Promise<UserRow | undefined> {
  return reader.one<UserRow>(`SELECT ${columns} FROM users WHERE telegram_id = ?`, [telegramId]);
}

/** Users that fit a condition, the newest first; the condition is made of placeholders. */
export function findUsers(
  reader: Reader,
  condition: string,
  values: readonly SqlValue[],
  limit: number,
): Promise<UserRow[]> {
  return reader.query<UserRow>(`SELECT ${columns} FROM users WHERE ${condition} ORDER BY id DESC LIMIT ${limit}`, [
    ...values,
  ]);
}

/** @throws AppError user.not_found */
export async function lockUser(tx: Tx, id: number): Promise<UserRow> {
  const row = await tx.one<UserRow>(`SELECT ${columns} FROM users WHERE id = ?${tx.lock}`, [id]);
  if (!row) throw new AppError('user.not_found');
  return row;
}

export interface Contact {
  telegramId: string;
  kind: 'person' | 'group';
  firstName: string;
  username: string | null;
  locale: Locale;
  role: Role;
}

/** Makes the row where there is none (locking it either way) and returns it as it stands. */
export async function meetUser(tx: Tx, contact: Contact, now: Date): Promise<{ row: UserRow; created: boolean }> {
  const known = await findLocked(tx, contact.telegramId);
  if (known) return { row: known, created: false };
  const createdAt = sqlTime(now);
  const creationId = randomUUID();
  await tx.upsert(
    'users',
    {
      telegram_id: contact.telegramId,
      kind: contact.kind,
      first_name: contact.firstName,
      username: contact.username,
      locale: contact.locale,
      role: contact.role,
      creation_id: creationId,
      created_at: createdAt,
      updated_at: createdAt,
    },
    { conflict: ['telegram_id'] },
  );
  const row = await findLocked(tx, contact.telegramId);
  if (!row) throw new Error('the user vanished under its lock');
  // Engines count an upsert that changed nothing differently; whose row it is says the row itself.
  return { row, created: row.creation_id === creationId };
}

function findLocked(tx: Tx, telegramId: string): Promise<(UserRow & { creation_id: string }) | undefined> {
  return tx.one(`SELECT ${columns}, creation_id FROM users WHERE telegram_id = ?${tx.lock}`, [telegramId]);
}

/** Whether this Telegram account was banned when it was erased. */
export async function wasBanned(reader: Reader, identityHash: string): Promise<boolean> {
  const row = await reader.one<{ was_banned: number }>(
    'SELECT was_banned FROM erased_identities WHERE identity_hash = ?',
    [identityHash],
  );
  return row?.was_banned === 1;
}

export async function updateUser(
  tx: Tx,
  id: number,
  change: { first_name: string; username: string | null; locale: Locale },
  now: Date,
): Promise<void> {
  await tx.execute('UPDATE users SET first_name = ?, username = ?, locale = ?, updated_at = ? WHERE id = ?', [
    change.first_name,
    change.username,
    change.locale,
    sqlTime(now),
    id,
  ]);
}

/** When a role changed tells the edge which access tokens say too much or too little. */
export async function updateRole(tx: Tx, id: number, role: Role, now: Date): Promise<void> {
  await tx.execute('UPDATE users SET role = ?, role_changed_at = ? WHERE id = ?', [role, sqlTime(now), id]);
}
