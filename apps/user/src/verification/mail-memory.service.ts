import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { HandledInputOf, ReceiveVerificationMail } from '#contracts';
import { sqlTime, type Reader, type SqlRow, type Tx } from '#database';
import type { CommandContext } from '#messaging';
import type { MailCursor } from './mail-source.types.js';

type MailInput = HandledInputOf<typeof ReceiveVerificationMail>;
export type InspectedMailInput = MailInput['mail'];
export type CursorInput = MailInput['cursor'];

interface CursorRow {
  uid_validity: string;
  last_uid: number;
}

/** Remembers how far the mailbox was read and which mails have had their effect. */
@Injectable()
export class MailMemoryService {
  async loadCursor(reader: Reader, mailbox: string, folder: string): Promise<MailCursor | null> {
    const row = await reader.one<CursorRow>(
      'SELECT uid_validity, last_uid FROM mail_cursors WHERE mailbox = ? AND folder = ?',
      [mailbox, folder],
    );
    return row ? { folder, uidValidity: row.uid_validity, lastUid: row.last_uid } : null;
  }

  /** Moves the cursor in the mail's own transaction; never back within one UIDVALIDITY, because parked mails come late. */
  async advance(tx: Tx, cursor: CursorInput, now: Date): Promise<void> {
    const { mailbox, folder, uid_validity, last_uid } = cursor;
    const moved: SqlRow = { mailbox, folder, uid_validity, last_uid, updated_at: sqlTime(now) };
    const row = (await this.lockCursor(tx, cursor)) ?? (await this.beginCursor(tx, { ...moved, last_uid: 0 }, cursor));
    if (row && row.uid_validity === uid_validity && row.last_uid >= last_uid) return;
    await tx.upsert('mail_cursors', moved, {
      conflict: ['mailbox', 'folder'],
      update: ['uid_validity', 'last_uid', 'updated_at'],
    });
  }

  /**
   * Writes down that a mail is having its effect. False when its Message-ID or its signature had one before. Only a proven
   * mail takes the place of another: a forged one with the same Message-ID is remembered apart.
   */
  async isFirst({ tx, now }: CommandContext, mail: InspectedMailInput): Promise<boolean> {
    const seenAt = sqlTime(now);
    for (const hash of hashesOf(mail)) {
      if (await tx.one('SELECT hash FROM seen_mails WHERE hash = ?', [hash])) return false;
      await tx.insert('seen_mails', { hash, seen_at: seenAt });
    }
    return true;
  }

  private lockCursor(tx: Tx, { mailbox, folder }: CursorInput): Promise<CursorRow | undefined> {
    const select = 'SELECT uid_validity, last_uid FROM mail_cursors WHERE mailbox = ? AND folder = ?';
    return tx.one<CursorRow>(select + tx.lock, [mailbox, folder]);
  }

  private async beginCursor(tx: Tx, row: SqlRow, cursor: CursorInput): Promise<CursorRow | undefined> {
    await tx.upsert('mail_cursors', row, { conflict: ['mailbox', 'folder'] });
    return this.lockCursor(tx, cursor);
  }
}

function hashesOf(mail: InspectedMailInput): string[] {
  const proven = mail.decision === 'accept';
  const parts: string[][] = [];
  if (mail.message_id)
    parts.push(['message-id', proven ? 'proven' : 'unproven', mail.from_address ?? '', mail.message_id]);
  if (proven && mail.signature_hash) parts.push(['signature', mail.signature_hash]);
  return parts.map((part) => createHash('sha256').update(part.join('\n')).digest('hex'));
}
