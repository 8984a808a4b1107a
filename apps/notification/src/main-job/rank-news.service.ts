import { Controller } from '@nestjs/common';
import { RankReached, type PayloadOf } from '#contracts';
import { HandleEvent, type EventContext } from '#messaging';
import { DeliveryWriter } from '../deliveries/delivery.writer.js';

/** A new rank is told (P-04), unless it was read in the bot's answer to the check-in already. */
@Controller()
export class RankNewsService {
  constructor(private readonly deliveries: DeliveryWriter) {}

  @HandleEvent(RankReached)
  async rankReached(payload: PayloadOf<typeof RankReached>, context: EventContext): Promise<void> {
    const { user_id: userId, rank, stars, total_days, channel } = payload;
    if (channel === 'bot') return;
    this.deliveries.tell(context, userId, { template: 'rank_reached', rank, stars, total_days });
  }
}
