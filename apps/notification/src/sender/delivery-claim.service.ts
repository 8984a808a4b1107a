import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { DeliveryChannel, Locale } from '#contracts';
import { Database, fromSqlTime, fromSqlTimeOrNull, placeholders, sqlTime, type SqlTime, type Tx } from '#database';
import { inGoodStanding } from '#service';
import type { ClaimedDelivery, Contact } from './claimed-delivery.types.js';

interface DueRow {
  id: number;
  dedupe_key: string;
  user_id: number;
  broadcast_id: number | null;
  channel: DeliveryChannel;
  template: string;
  params: string;
  recipient: string | null;
  lane: number;
  attempts: number;
  request_id: string;
  created_at: SqlTime;
  expires_at: SqlTime;
  telegram_id: string | null;
  first_name: string | null;
  locale: Locale | null;
  email: string | null;
  telegram_blocked_at: SqlTime | null;
  membership_kind: string | null;
  membership_expires_at: SqlTime | null;
  is_outdated: number;
}

/** Longer than a send may take, so that nobody sends a row again while its first send still runs. */
const claimMs: Record<DeliveryChannel, number> = { telegram: 30_000, email: 120_000, sms: 60_000 };
const expiredAtMost = 500;

/** Takes due deliveries, so that each is in one hand. */
@Injectable()
export class DeliveryClaimService {
  constructor(private readonly database: Database) {}

  /** Claims up to `limit` due rows of a channel, the more urgent lane first, none of a lane above `maxLane`. */
  async claim(channel: DeliveryChannel, maxLane: number, limit: number, now: Date): Promise<ClaimedDelivery[]> {
    const rows = await this.database.reader.query<DueRow>(
      `SELECT d.id, d.dedupe_key, d.user_id, d.broadcast_id, d.channel, d.template, d.params, d.recipient, d.lane, d.attempts, d.request_id,
        d.created_at, d.expires_at, c.telegram_id, c.first_name, c.locale, c.email, c.telegram_blocked_at,
        c.membership_kind, c.membership_expires_at,
        CASE WHEN d.broadcast_id IS NULL OR ${inGoodStanding('d.user_id')} THEN 0 ELSE 1 END AS is_outdated
       FROM deliveries d LEFT JOIN contacts c ON c.user_id = d.user_id
       WHERE d.status = 'pending' AND d.channel = ? AND d.lane <= ? AND d.due_at <= ? AND (d.broadcast_id IS NULL
        OR EXISTS (SELECT 1 FROM broadcasts b WHERE b.id = d.broadcast_id AND b.status = 'sending'))
       ORDER BY d.lane, d.due_at, d.id LIMIT ${Math.trunc(limit)}`,
      [channel, maxLane, sqlTime(now)],
    );
    if (rows.length === 0) return [];
    const claim = randomUUID();
    const until = sqlTime(new Date(now.getTime() + claimMs[channel]));
    const mine = await this.database.transaction(async (tx) => {
      const ids = await withoutPaused(tx, rows);
      if (ids.length === 0) return new Set<number>();
      const { affected } = await tx.executeOnce(
        `UPDATE deliveries SET status = 'sending', claimed_by = ?, claimed_until = ?
         WHERE status = 'pending' AND id IN (${placeholders(ids.length)})`,
        [claim, until, ...ids],
      );
      if (affected === ids.length) return new Set(ids);
      // Somebody was faster with some of them: keep to those that carry this claim.
      const taken = await tx.query<{ id: number }>(
        `SELECT id FROM deliveries WHERE claimed_by = ? AND id IN (${placeholders(ids.length)})`,
        [claim, ...ids],
      );
      return new Set(taken.map(({ id }) => id));
    });
    return rows.filter(({ id }) => mine.has(id)).map((row) => claimedOf(row, claim));
  }

  /**
   * Frees the rows whose sender died between claim and settlement, except those this process is still busy with. Whether such a
   * message went out is unknown: it is sent again (at least once; a mail keeps its Message-ID, so mail programs fold the copies).
   */
  async freeAbandoned(now: Date, busyWith: ReadonlySet<number>): Promise<number> {
    const rows = await this.database.reader.query<{ id: number }>(
      `SELECT id FROM deliveries WHERE status = 'sending' AND claimed_until < ? ORDER BY id LIMIT ${expiredAtMost}`,
      [sqlTime(now)],
    );
    const ids = rows.map(({ id }) => id).filter((id) => !busyWith.has(id));
    if (ids.length === 0) return 0;
    const { affected } = await this.database.transaction((tx) =>
      tx.executeOnce(
        `UPDATE deliveries SET status = 'pending', claimed_by = NULL, claimed_until = NULL
         WHERE status = 'sending' AND claimed_until < ? AND id IN (${placeholders(ids.length)})`,
        [sqlTime(now), ...ids],
      ),
    );
    return affected;
  }
}

/**
 * The ids of those whose broadcast still goes out, which stays so until the claim is there: whoever pauses a broadcast then sees every
 * message of it that is on its way.
 */
async function withoutPaused(tx: Tx, rows: readonly DueRow[]): Promise<number[]> {
  const broadcasts = [...new Set(rows.flatMap(({ broadcast_id }) => broadcast_id ?? []))];
  const going = new Set<number>();
  if (broadcasts.length > 0) {
    const found = await tx.query<{ id: number }>(
      `SELECT id FROM broadcasts WHERE status = 'sending' AND id IN (${placeholders(broadcasts.length)}) ORDER BY id${tx.lock}`,
      broadcasts,
    );
    for (const { id } of found) going.add(id);
  }
  return rows.flatMap(({ id, broadcast_id }) => (broadcast_id === null || going.has(broadcast_id) ? [id] : []));
}

function claimedOf(row: DueRow, claim: string): ClaimedDelivery {
  return {
    id: row.id,
    dedupeKey: row.dedupe_key,
    userId: row.user_id,
    channel: row.channel,
    template: row.template,
    params: row.params,
    recipient: row.recipient,
    lane: row.lane,
    attempts: row.attempts,
    requestId: row.request_id,
    isOutdated: Number(row.is_outdated) === 1,
    createdAt: fromSqlTime(row.created_at),
    expiresAt: fromSqlTime(row.expires_at),
    claim,
    contact: contactOf(row),
  };
}

/** Known once the events have told a name; until then there is nobody to greet, and in no language. */
function contactOf(row: DueRow): Contact | null {
  if (row.first_name === null || row.locale === null) return null;
  return {
    telegramId: row.telegram_id,
    firstName: row.first_name,
    locale: row.locale,
    email: row.email,
    telegramBlockedAt: fromSqlTimeOrNull(row.telegram_blocked_at),
    membership: row.membership_kind === null ? null : { expiresAt: fromSqlTimeOrNull(row.membership_expires_at) },
  };
}
