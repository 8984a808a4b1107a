import { Controller } from '@nestjs/common';
import { ItemRefused, type PayloadOf } from '#contracts';
import { HandleEvent, type EventContext } from '#messaging';
import { OrderWriter } from './order.writer.js';

/** Gives points back for what no service could give (P-07): the member gets one or the other. */
@Controller()
export class RefusedItemService {
  constructor(private readonly orders: OrderWriter) {}

  @HandleEvent(ItemRefused)
  async refund({ order_id, user_id, reason }: PayloadOf<typeof ItemRefused>, context: EventContext): Promise<void> {
    await this.orders.refundRefused(context, { orderId: order_id, userId: user_id, refusal: reason });
  }
}
