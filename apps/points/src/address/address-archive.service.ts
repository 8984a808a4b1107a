import { Injectable } from '@nestjs/common';
import { UnreadableFieldError } from '#encryption';
import type { ArchiveOpener } from '#service';
import { AddressStore, type DeliveryAddress } from './address.store.js';

/** Gives members their own addresses in the clear, in their own archive (U-15): the address book, and where orders went. */
@Injectable()
export class AddressArchiveService implements ArchiveOpener {
  constructor(private readonly addresses: AddressStore) {}

  open(section: string, { sealed, ...row }: Record<string, unknown>): Record<string, unknown> {
    if (typeof sealed !== 'string') return sealed === undefined ? row : { ...row, sealed };
    switch (section) {
      case 'addresses':
        return { ...row, address: readable(() => this.addresses.read({ id: Number(row['id']), sealed })) };
      case 'points_exchange_addresses':
        return { ...row, address: readable(() => this.addresses.readKept(Number(row['order_id']), sealed)) };
      default:
        return { ...row, sealed };
    }
  }
}

/** What no key reads any more must not keep a member from everything else. */
function readable(read: () => DeliveryAddress): DeliveryAddress | null {
  try {
    return read();
  } catch (error) {
    if (error instanceof UnreadableFieldError) return null;
    throw error;
  }
}
