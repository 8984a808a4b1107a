import { Controller } from '@nestjs/common';
import { OrderMoved, OrderPlaced, PointsAdjusted, type PayloadOf } from '#contracts';
import { HandleEvent, type EventContext } from '#messaging';
import { DeliveryWriter } from '../deliveries/delivery.writer.js';

/** What members are told about orders (P-07) and adjustments (P-09). What they did in the chat they have read there. */
@Controller()
export class PointsNewsService {
  constructor(private readonly deliveries: DeliveryWriter) {}

  @HandleEvent(OrderPlaced)
  async orderPlaced(placed: PayloadOf<typeof OrderPlaced>, context: EventContext): Promise<void> {
    if (placed.channel === 'bot') return;
    const { user_id, order_id, name, points_cost: points } = placed;
    const content = {
      order_id,
      name,
      points,
      status: 'paid',
      tracking_number: null,
      note: null,
      refusal: null,
    } as const;
    this.deliveries.tell(context, user_id, { template: 'order_news', ...content });
  }

  @HandleEvent(OrderMoved)
  async orderMoved(moved: PayloadOf<typeof OrderMoved>, context: EventContext): Promise<void> {
    if (moved.by === 'member' && moved.channel === 'bot') return;
    const { user_id, order_id, name, to: status, points_refunded: points, tracking_number, note, refusal } = moved;
    const content = { order_id, name, points, status, tracking_number, note, refusal };
    this.deliveries.tell(context, user_id, { template: 'order_news', ...content });
  }

  @HandleEvent(PointsAdjusted)
  async pointsAdjusted(adjusted: PayloadOf<typeof PointsAdjusted>, context: EventContext): Promise<void> {
    const { user_id, points, reason, balance } = adjusted;
    this.deliveries.tell(context, user_id, { template: 'points_adjusted', points, reason, balance });
  }
}
