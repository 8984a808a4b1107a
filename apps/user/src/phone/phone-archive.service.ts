import { Injectable } from '@nestjs/common';
import { FieldCipher } from '#encryption';
import { InjectSettings, type ArchiveOpener } from '#service';
import type { UserSettings } from '../user.env.js';

/** Tables whose rows hold a number, and the column that is the row's place. */
const places: Readonly<Record<string, string>> = { user_phones: 'user_id', phone_verifications: 'id' };

/** Gives members their own numbers in the clear, in their own archive (U-15). */
@Injectable()
export class PhoneArchiveService implements ArchiveOpener {
  private readonly cipher: FieldCipher;

  constructor(@InjectSettings() settings: UserSettings) {
    this.cipher = new FieldCipher(settings.ENCRYPTION_KEYS);
  }

  open(section: string, row: Record<string, unknown>): Record<string, unknown> {
    const key = places[section];
    if (key === undefined || typeof row['phone'] !== 'string') return row;
    const place = { table: section, column: 'phone', row: String(row[key]) };
    return { ...row, phone: this.cipher.decrypt(row['phone'], place) };
  }
}
