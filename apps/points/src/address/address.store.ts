import { Injectable } from '@nestjs/common';
import type { z } from 'zod';
import { addressSchema, deliveryAddressSchema } from '#contracts';
import { isoTime, type Reader, type SqlTime, type Tx } from '#database';
import { FieldCipher, type FieldPlace } from '#encryption';
import { InjectSettings } from '#service';
import type { PointsSettings } from '../points.env.js';

export type DeliveryAddress = z.infer<typeof deliveryAddressSchema>;
export type AddressView = z.infer<typeof addressSchema>;

export interface AddressRow {
  id: number;
  user_id: number;
  sealed: string;
  tag: string | null;
  created_at: SqlTime;
  updated_at: SqlTime;
}

export interface AddressBook {
  readonly count: number;
  readonly defaultId: number | null;
}

const columns = 'id, user_id, sealed, tag, created_at, updated_at';

function bookPlace(id: number): FieldPlace {
  return { table: 'addresses', column: 'sealed', row: id };
}

function orderPlace(orderId: number): FieldPlace {
  return { table: 'points_exchange_addresses', column: 'sealed', row: orderId };
}

/** Reads and writes addresses; nothing of them is in the database but encrypted (O-04). */
@Injectable()
export class AddressStore {
  private readonly cipher: FieldCipher;

  constructor(@InjectSettings() settings: PointsSettings) {
    this.cipher = new FieldCipher(settings.ENCRYPTION_KEYS);
  }

  /** Locks the member's address book; there is one from the first look on. */
  async lockBook(tx: Tx, userId: number): Promise<AddressBook> {
    const empty = { user_id: userId, address_count: 0, default_id: null };
    await tx.upsert('address_books', empty, { conflict: ['user_id'] });
    const row = await tx.one<{ address_count: number; default_id: number | null }>(
      `SELECT address_count, default_id FROM address_books WHERE user_id = ?${tx.lock}`,
      [userId],
    );
    return { count: row?.address_count ?? 0, defaultId: row?.default_id ?? null };
  }

  async writeBook(tx: Tx, userId: number, { count, defaultId }: AddressBook): Promise<void> {
    await tx.execute('UPDATE address_books SET address_count = ?, default_id = ? WHERE user_id = ?', [
      count,
      defaultId,
      userId,
    ]);
  }

  /** A member's own address; undefined for somebody else's. */
  find(reader: Reader, userId: number, id: number): Promise<AddressRow | undefined> {
    return reader.one<AddressRow>(`SELECT ${columns} FROM addresses WHERE id = ? AND user_id = ?`, [id, userId]);
  }

  findAll(reader: Reader, userId: number, limit: number): Promise<AddressRow[]> {
    return reader.query<AddressRow>(
      `SELECT ${columns} FROM addresses WHERE user_id = ? ORDER BY id LIMIT ${Math.trunc(limit)}`,
      [userId],
    );
  }

  async defaultIdOf(reader: Reader, userId: number): Promise<number | null> {
    const row = await reader.one<{ default_id: number | null }>(
      'SELECT default_id FROM address_books WHERE user_id = ?',
      [userId],
    );
    return row?.default_id ?? null;
  }

  /** The id is part of what is encrypted, so the row is there before its content. */
  async insert(tx: Tx, userId: number, address: DeliveryAddress, tag: string | null, time: SqlTime): Promise<number> {
    const row = { user_id: userId, sealed: '', tag, created_at: time, updated_at: time };
    const { insertId } = await tx.insert('addresses', row);
    await this.update(tx, insertId, address, tag, time);
    return insertId;
  }

  async update(tx: Tx, id: number, address: DeliveryAddress, tag: string | null, time: SqlTime): Promise<void> {
    const sealed = this.cipher.encrypt(JSON.stringify(address), bookPlace(id));
    await tx.execute('UPDATE addresses SET sealed = ?, tag = ?, updated_at = ? WHERE id = ?', [sealed, tag, time, id]);
  }

  /** @throws UnreadableFieldError */
  read({ id, sealed }: Pick<AddressRow, 'id' | 'sealed'>): DeliveryAddress {
    return this.open(sealed, bookPlace(id));
  }

  /** What was kept for an order. @throws UnreadableFieldError */
  readKept(orderId: number, sealed: string): DeliveryAddress {
    return this.open(sealed, orderPlace(orderId));
  }

  viewOf(row: AddressRow, defaultId: number | null): AddressView {
    return {
      ...this.read(row),
      id: row.id,
      tag: row.tag,
      is_default: row.id === defaultId,
      created_at: isoTime(row.created_at),
      updated_at: isoTime(row.updated_at),
    };
  }

  /** What an order is sent to stays as it was at the moment of purchase. */
  async keepForOrder(tx: Tx, orderId: number, address: DeliveryAddress): Promise<void> {
    const sealed = this.cipher.encrypt(JSON.stringify(address), orderPlace(orderId));
    await tx.insert('points_exchange_addresses', { order_id: orderId, sealed });
  }

  async readOfOrder(reader: Reader, orderId: number): Promise<DeliveryAddress | null> {
    const row = await reader.one<{ sealed: string }>(
      'SELECT sealed FROM points_exchange_addresses WHERE order_id = ?',
      [orderId],
    );
    return row ? this.readKept(orderId, row.sealed) : null;
  }

  private open(sealed: string, place: FieldPlace): DeliveryAddress {
    return deliveryAddressSchema.parse(JSON.parse(this.cipher.decrypt(sealed, place)));
  }
}
