import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Database, fromSqlTime, sqlTime, type SqlTime } from '#database';
import { MailMemoryService } from './mail-memory.service.js';
import type { ReceivedMail } from './mail-source.types.js';

/** Mails that wait at most; more than that is an attack, and is refused at once. */
const parkedAtMost = 100;
const batchSize = 10;
const firstPauseMs = 5_000;
const longestPauseMs = 60_000;

export interface ParkedMail {
  readonly key: string;
  readonly mail: ReceivedMail;
  readonly parkedAt: Date;
  readonly tries: number;
}

interface ParkedRow {
  mail_key: string;
  mail: string;
  parked_at: SqlTime;
  tries: number;
}

/**
 * Keeps mails whose sender's name servers are silent, so that one such mail does not hold up the rest of the mailbox. Stored,
 * with the cursor in the same transaction: a restart forgets none.
 */
@Injectable()
export class ParkedMailsService {
  constructor(
    private readonly database: Database,
    private readonly memory: MailMemoryService,
  ) {}

  /** False when there is no room. */
  async park(mailbox: string, mail: ReceivedMail, now: Date): Promise<boolean> {
    return this.database.transaction(async (tx) => {
      if ((await tx.count('parked_mails')) >= parkedAtMost) return false;
      const row = {
        mail_key: keyOf(mailbox, mail),
        mail: JSON.stringify({ ...mail, raw: mail.raw.toString('base64'), receivedAt: mail.receivedAt.toISOString() }),
        parked_at: sqlTime(now),
        next_try_at: sqlTime(new Date(now.getTime() + firstPauseMs)),
        tries: 1,
      };
      const { folder, uidValidity: uid_validity, uid: last_uid } = mail;
      await this.memory.advance(tx, { mailbox, folder, uid_validity, last_uid }, now);
      await tx.upsert('parked_mails', row, { conflict: ['mail_key'] });
      return true;
    });
  }

  /** The mails to look at again, at most 10. */
  async due(now: Date): Promise<ParkedMail[]> {
    const rows = await this.database.reader.query<ParkedRow>(
      `SELECT mail_key, mail, parked_at, tries FROM parked_mails WHERE next_try_at <= ?
       ORDER BY next_try_at LIMIT ${batchSize}`,
      [sqlTime(now)],
    );
    return rows.map(({ mail_key, mail, parked_at, tries }) => {
      return { key: mail_key, mail: readMail(mail), parkedAt: fromSqlTime(parked_at), tries };
    });
  }

  async postpone({ key, tries }: ParkedMail, now: Date): Promise<void> {
    const pauseMs = Math.min(longestPauseMs, firstPauseMs * 2 ** Math.min(tries, 10));
    const nextTryAt = sqlTime(new Date(now.getTime() + pauseMs));
    await this.database.transaction((tx) =>
      tx.execute('UPDATE parked_mails SET next_try_at = ?, tries = tries + 1 WHERE mail_key = ?', [nextTryAt, key]),
    );
  }

  async forget({ key }: ParkedMail): Promise<void> {
    await this.database.transaction((tx) => tx.execute('DELETE FROM parked_mails WHERE mail_key = ?', [key]));
  }
}

function keyOf(mailbox: string, { folder, uidValidity, uid }: ReceivedMail): string {
  return createHash('sha256').update([mailbox, folder, uidValidity, uid].join('\n')).digest('hex');
}

function readMail(json: string): ReceivedMail {
  const stored = JSON.parse(json) as Omit<ReceivedMail, 'raw' | 'receivedAt'> & { raw: string; receivedAt: string };
  return { ...stored, raw: Buffer.from(stored.raw, 'base64'), receivedAt: new Date(stored.receivedAt) };
}
