import { Injectable } from '@nestjs/common';
import type { Counter } from 'prom-client';
import { BroadcastChanged, broadcastStatuses, type BroadcastStatus } from '#contracts';
import { sqlTime } from '#database';
import type { CommandContext } from '#messaging';
import { Metrics } from '#service';
import { lockBroadcast, segmentOf, type BroadcastRow } from './broadcast.store.js';
import { segmentFilter } from './segment.store.js';

const endings: readonly BroadcastStatus[] = ['finished', 'cancelled', 'expired'];

/** Moves broadcasts from state to state, and tells of it. */
@Injectable()
export class BroadcastWriter {
  private readonly moved: Counter<'status'>;

  constructor(metrics: Metrics) {
    this.moved = metrics.counter('coser_broadcasts_total', 'Broadcasts that came into a state', ['status']);
    for (const status of broadcastStatuses) this.moved.labels(status).inc(0);
  }

  /** The row must be locked. What still waits of a broadcast that has ended is not sent. */
  async moveTo(context: CommandContext, row: BroadcastRow, status: BroadcastStatus): Promise<BroadcastRow> {
    const { tx, now } = context;
    const hasEnded = endings.includes(status);
    await tx.execute('UPDATE broadcasts SET status = ?, finished_at = ? WHERE id = ?', [
      status,
      hasEnded ? sqlTime(now) : null,
      row.id,
    ]);
    if (hasEnded) await this.cancelWaiting(context, row.id);
    const after = await lockBroadcast(tx, row.id);
    this.tell(context, row, after);
    return after;
  }

  async cancelWaiting({ tx }: CommandContext, broadcastId: number): Promise<void> {
    await tx.execute(
      "UPDATE deliveries SET status = 'cancelled', params = '{}' WHERE broadcast_id = ? AND status = 'pending'",
      [broadcastId],
    );
  }

  /** A pause may be long: whoever has left the segment meanwhile, or is banned, gets nothing that was written before it (N-10). */
  async cancelOutdated({ tx, now }: CommandContext, row: BroadcastRow): Promise<void> {
    const { where, values } = segmentFilter(segmentOf(row), now);
    await tx.execute(
      `UPDATE deliveries SET status = 'cancelled', params = '{}' WHERE broadcast_id = ? AND status = 'pending'
       AND NOT EXISTS (SELECT 1 FROM contacts c WHERE c.user_id = deliveries.user_id AND ${where})`,
      [row.id, ...values],
    );
  }

  tell(context: CommandContext, before: BroadcastRow | null, after: BroadcastRow): void {
    const { id: broadcast_id, title, status, recipients } = after;
    if (before?.status !== status) context.tx.afterCommit(() => this.moved.labels(status).inc());
    context.emit(
      BroadcastChanged,
      { broadcast_id, title, status, previous: before?.status ?? null, recipients },
      { ...(before && { before: factsOf(before) }), after: factsOf(after) },
    );
  }
}

function factsOf({
  id,
  title,
  texts,
  fallback,
  segment,
  status,
  starts_at,
  skip_after_minutes,
  recipients,
}: BroadcastRow) {
  return { broadcast_id: id, title, texts, fallback, segment, status, starts_at, skip_after_minutes, recipients };
}
