import { createHash } from 'node:crypto';
import {
  AppError,
  broadcastDigestLength,
  type Broadcast,
  type BroadcastStatus,
  type BroadcastTexts,
  type Locale,
  type Segment,
} from '#contracts';
import { isoTime, isoTimeOrNull, placeholders, type Reader, type SqlTime, type Tx } from '#database';

export interface BroadcastRow {
  id: number;
  title: string;
  texts: string;
  fallback: Locale | null;
  segment: string;
  status: BroadcastStatus;
  starts_at: SqlTime | null;
  skip_after_minutes: number;
  expires_at: SqlTime | null;
  recipients: number | null;
  gone_through: number;
  written: number;
  left_out: number;
  all_written: number;
  created_by: number;
  request_id: string;
  created_at: SqlTime;
  finished_at: SqlTime | null;
}

export const broadcastColumns = `id, title, texts, fallback, segment, status, starts_at, skip_after_minutes, expires_at, recipients,
  gone_through, written, left_out, all_written, created_by, request_id, created_at, finished_at`;

/** @throws AppError broadcast.not_found */
export function lockBroadcast(tx: Tx, id: number): Promise<BroadcastRow> {
  return findBroadcast(tx, id, tx.lock);
}

/** @throws AppError broadcast.not_found */
export async function findBroadcast(reader: Reader, id: number, lock: Tx['lock'] = ''): Promise<BroadcastRow> {
  const row = await reader.one<BroadcastRow>(`SELECT ${broadcastColumns} FROM broadcasts WHERE id = ?${lock}`, [id]);
  if (!row) throw new AppError('broadcast.not_found');
  return row;
}

export function textsOf(row: BroadcastRow): BroadcastTexts {
  return JSON.parse(row.texts) as BroadcastTexts;
}

export function segmentOf(row: BroadcastRow): Segment {
  return JSON.parse(row.segment) as Segment;
}

/** The same for the same message to the same segment at the same time: by it a decision names what it was made about. */
export function digestOf({ texts, fallback, segment, starts_at, skip_after_minutes }: BroadcastRow): string {
  const decided = JSON.stringify([texts, fallback, segment, starts_at, skip_after_minutes]);
  return createHash('sha256').update(decided).digest('hex').slice(0, broadcastDigestLength);
}

/** Broadcasts as they are shown, with how far each has come. */
export async function describeBroadcasts(reader: Reader, rows: readonly BroadcastRow[]): Promise<Broadcast[]> {
  const counts = await countDeliveries(
    reader,
    rows.map(({ id }) => id),
  );
  return rows.map((row) => {
    const by = counts.get(row.id) ?? {};
    return {
      id: row.id,
      title: row.title,
      texts: textsOf(row),
      fallback: row.fallback,
      segment: segmentOf(row),
      status: row.status,
      starts_at: isoTimeOrNull(row.starts_at),
      skip_after_minutes: row.skip_after_minutes,
      expires_at: isoTimeOrNull(row.expires_at),
      created_by: row.created_by,
      created_at: isoTime(row.created_at),
      finished_at: isoTimeOrNull(row.finished_at),
      progress: {
        recipients: row.recipients,
        written: row.written,
        left_out: row.left_out,
        waiting: (by['pending'] ?? 0) + (by['sending'] ?? 0),
        sent: by['sent'] ?? 0,
        failed: by['failed'] ?? 0,
        cancelled: by['cancelled'] ?? 0,
      },
    };
  });
}

export async function describeBroadcast(reader: Reader, row: BroadcastRow): Promise<Broadcast> {
  const [broadcast] = await describeBroadcasts(reader, [row]);
  if (!broadcast) throw new Error('a broadcast was not described');
  return broadcast;
}

async function countDeliveries(
  reader: Reader,
  ids: readonly number[],
): Promise<Map<number, Partial<Record<string, number>>>> {
  const counts = new Map<number, Partial<Record<string, number>>>();
  if (ids.length === 0) return counts;
  const rows = await reader.query<{ broadcast_id: number; status: string; total: number | string }>(
    `SELECT broadcast_id, status, COUNT(*) AS total FROM deliveries WHERE broadcast_id IN (${placeholders(ids.length)})
     GROUP BY broadcast_id, status`,
    ids,
  );
  for (const { broadcast_id, status, total } of rows) {
    counts.set(broadcast_id, { ...counts.get(broadcast_id), [status]: Number(total) });
  }
  return counts;
}
