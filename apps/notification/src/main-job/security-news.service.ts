import { Controller } from '@nestjs/common';
import { StepUpRequested, type PayloadOf } from '#contracts';
import { HandleEvent, type EventContext } from '#messaging';
import { DeliveryWriter } from '../deliveries/delivery.writer.js';

/** What members are told for the safety of their account (U-13). */
@Controller()
export class SecurityNewsService {
  constructor(private readonly deliveries: DeliveryWriter) {}

  /** Somebody waits at a screen for it, as for a code; when its time is over it is worth nothing. */
  @HandleEvent(StepUpRequested)
  async stepUpRequested(requested: PayloadOf<typeof StepUpRequested>, context: EventContext): Promise<void> {
    const { user_id: userId, device, expires_at } = requested;
    const worth = { lane: 'code', expiresAt: new Date(expires_at) } as const;
    this.deliveries.tell(context, userId, { template: 'step_up_requested', device }, worth);
  }
}
