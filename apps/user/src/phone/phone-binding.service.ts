import { Injectable } from '@nestjs/common';
import { PhoneBound, PhoneUnbound } from '#contracts';
import { sqlTime, unlessDuplicate, type Reader } from '#database';
import { BlindIndex, FieldCipher, UnreadableFieldError } from '#encryption';
import type { CommandContext } from '#messaging';
import { InjectSettings } from '#service';
import type { UserSettings } from '../user.env.js';
import { deriveIdentityKey, identityHash } from '../verification/verification-secret.rules.js';
import { maskNumber, type PhoneNumber } from './phone-number.format.js';
import { findPhone, type PhoneRow } from './phone.store.js';

/** A member's number in the clear, for its owner's eyes. */
export interface KnownPhone {
  readonly number: PhoneNumber;
  readonly row: PhoneRow;
}

/** The only writer of members' numbers (U-10). Works inside the caller's transaction, with the member's row locked. */
@Injectable()
export class PhoneBindingService {
  private readonly cipher: FieldCipher;
  private readonly index: BlindIndex;
  private readonly identityKey: Buffer;

  constructor(@InjectSettings() settings: UserSettings) {
    this.cipher = new FieldCipher(settings.ENCRYPTION_KEYS);
    this.index = new BlindIndex(settings.BLIND_INDEX_KEYS, 'phone');
    this.identityKey = deriveIdentityKey(settings.AUTH_SECRET);
  }

  async read(reader: Reader, userId: number): Promise<KnownPhone | null> {
    const row = await findPhone(reader, userId);
    return row ? { number: this.cipher.decrypt(row.phone, placeOf(userId)), row } : null;
  }

  /** A look without a lock; the primary key of the index decides when it matters. */
  async isTaken(reader: Reader, number: PhoneNumber, exceptUserId: number): Promise<boolean> {
    for (const { version, hash } of this.index.entries(number)) {
      const found = await reader.one(
        'SELECT user_id FROM user_phone_indexes WHERE version = ? AND hash = ? AND user_id <> ?',
        [version, hash, exceptUserId],
      );
      if (found) return true;
    }
    return false;
  }

  /** Names a number where it must not be read: to count the codes and wrong tries that concern it. */
  hashOf(number: PhoneNumber): string {
    return this.index.entries(number)[0].hash;
  }

  /** Members whose number has no entry of the newest index key yet. */
  async withoutNewestIndex(reader: Reader, after: number, limit: number): Promise<number[]> {
    const rows = await reader.query<{ user_id: number }>(
      `SELECT p.user_id FROM user_phones p LEFT JOIN user_phone_indexes i ON i.user_id = p.user_id AND i.version = ?
       WHERE i.user_id IS NULL AND p.user_id > ? ORDER BY p.user_id LIMIT ${Math.trunc(limit)}`,
      [this.index.newestVersion, after],
    );
    return rows.map(({ user_id }) => user_id);
  }

  /** Gives a member's number the index entries it lacks; false when it cannot be read. Locks the member. */
  async reindex({ tx }: CommandContext, userId: number): Promise<boolean> {
    await tx.one(`SELECT id FROM users WHERE id = ?${tx.lock}`, [userId]);
    const known = await this.read(tx, userId).catch((error: unknown) => {
      if (error instanceof UnreadableFieldError) return null;
      throw error;
    });
    if (!known) return false;
    const entries = this.index.entries(known.number).map(({ version, hash }) => ({ version, hash, user_id: userId }));
    await tx.upsert('user_phone_indexes', entries, { conflict: ['version', 'hash'] });
    return true;
  }

  /** Binds the number in place of the one before; false when another member has it, which the primary key decides. */
  async bind(
    context: CommandContext,
    userId: number,
    number: PhoneNumber,
    method: PhoneRow['method'],
  ): Promise<boolean> {
    const { tx, now } = context;
    const before = await this.read(tx, userId);
    if (before) await this.remove(context, before, 'replaced');
    const entries = this.index.entries(number).map(({ version, hash }) => ({ version, hash, user_id: userId }));
    if (!(await unlessDuplicate(tx.insert('user_phone_indexes', entries)))) return false;
    const phone = this.cipher.encrypt(number, placeOf(userId));
    await tx.insert('user_phones', { user_id: userId, phone, method, bound_at: sqlTime(now) });
    const masked = maskNumber(number);
    context.emit(
      PhoneBound,
      { user_id: userId, phone: masked, identity_hash: this.identityOf(number), method },
      {
        user_id: userId,
        before: { phone: before && maskNumber(before.number) },
        after: { phone: masked, phone_method: method },
      },
    );
    return true;
  }

  /** Takes the number off the account: because its owner says so, or has another one. */
  async remove(context: CommandContext, { number, row }: KnownPhone, reason: 'member' | 'replaced'): Promise<void> {
    const { tx } = context;
    await tx.execute('DELETE FROM user_phone_indexes WHERE user_id = ?', [row.user_id]);
    await tx.execute('DELETE FROM user_phones WHERE user_id = ?', [row.user_id]);
    const masked = maskNumber(number);
    context.emit(
      PhoneUnbound,
      { user_id: row.user_id, phone: masked, identity_hash: this.identityOf(number), reason },
      { user_id: row.user_id, before: { phone: masked }, after: { phone: null, reason } },
    );
  }

  private identityOf(number: PhoneNumber): string {
    return identityHash(this.identityKey, `phone:${number}`);
  }
}

function placeOf(userId: number): { table: string; column: string; row: number } {
  return { table: 'user_phones', column: 'phone', row: userId };
}
