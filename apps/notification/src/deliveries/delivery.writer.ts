import { Injectable } from '@nestjs/common';
import type { DeliveryChannel } from '#contracts';
import { sqlTime, type SqlRow, type Tx } from '#database';
import type { EventContext } from '#messaging';
import { withoutErased } from '#service';
import { DeliverySender } from '../sender/delivery.sender.js';
import { expiryOf, lanes, type Lane } from './delivery.rules.js';
import type { DeliveryContent } from './delivery-content.schema.js';

export interface NewDelivery {
  readonly userId: number;
  readonly channel: DeliveryChannel;
  readonly lane: Lane;
  readonly content: DeliveryContent;
  /** A mail's address where it is not simply the member's. */
  readonly recipient?: string;
  /** Tells the deliveries of one event apart when it is told to several members. */
  readonly part?: string;
  /** Where the message is worth sending for another time than its lane's. */
  readonly expiresAt?: Date;
  /** The broadcast it belongs to. */
  readonly broadcastId?: number;
}

type InChat = Pick<NewDelivery, 'lane' | 'part' | 'expiresAt'>;

/** Writes deliveries in the transaction of the event that causes them; sending is somebody else's work, soon after. */
@Injectable()
export class DeliveryWriter {
  /**
   * The same function each time, as `gather` wants it. Who is erased hears nothing more, and no address in a message outlives them: not
   * of an event that came late, or in one batch with the erasure (U-15).
   */
  private readonly insert = async (rows: readonly DeliveryRow[], tx: Tx): Promise<void> => {
    const wanted = await withoutErased(tx, rows, ({ user_id }) => user_id);
    if (wanted.length === 0) return;
    await tx.upsert('deliveries', wanted, { conflict: ['dedupe_key'] });
    tx.afterCommit(() => this.sender.expectWork());
  };

  constructor(private readonly sender: DeliverySender) {}

  /** News for a member, in the chat with the bot. */
  tell(context: EventContext, userId: number, content: DeliveryContent, change: Partial<InChat> = {}): void {
    this.write(context, { userId, channel: 'telegram', lane: 'transactional', content, ...change });
  }

  /** One row per event, channel, template and part, however often the event comes. */
  write({ now, call, message, gather }: EventContext, delivery: NewDelivery): void {
    const expiresAt = delivery.expiresAt ?? expiryOf(delivery.lane, new Date(message.occurred_at));
    const part = delivery.part === undefined ? [] : [delivery.part];
    const key = [message.id, delivery.channel, delivery.content.template, ...part].join(':');
    gather(this.insert, deliveryRow({ ...delivery, expiresAt }, { key, requestId: call.request_id, now }));
  }
}

interface DeliveryRow extends SqlRow {
  user_id: number;
}

/** The row of a delivery that waits to be sent. */
export function deliveryRow(
  delivery: NewDelivery & { readonly expiresAt: Date },
  { key, requestId, now }: { readonly key: string; readonly requestId: string; readonly now: Date },
): DeliveryRow {
  const { template, ...params } = delivery.content;
  return {
    dedupe_key: key,
    user_id: delivery.userId,
    channel: delivery.channel,
    template,
    params: JSON.stringify(params),
    recipient: delivery.recipient ?? null,
    lane: lanes[delivery.lane],
    status: 'pending',
    attempts: 0,
    due_at: sqlTime(now),
    expires_at: sqlTime(delivery.expiresAt),
    request_id: requestId,
    created_at: sqlTime(now),
    broadcast_id: delivery.broadcastId ?? null,
  };
}
