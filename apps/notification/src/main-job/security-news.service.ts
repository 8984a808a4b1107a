import { Controller } from '@nestjs/common';
import { StepUpRequested, type PayloadOf } from '#contracts';
import { HandleEvent, type EventContext } from '#messaging';
import { DeliveryWriter } from '../deliveries/delivery.writer.js';
import { DeliverySender } from '../sender/delivery.sender.js';

/** What members are told for the safety of their account (U-13). */
@Controller()
export class SecurityNewsService {
  constructor(
    private readonly deliveries: DeliveryWriter,
    private readonly sender: DeliverySender,
  ) {}

  /** Somebody waits at a screen for it, as for a code; when its time is over it is worth nothing. */
  @HandleEvent(StepUpRequested)
  async stepUpRequested(requested: PayloadOf<typeof StepUpRequested>, context: EventContext): Promise<void> {
    const { user_id: userId, device, expires_at } = requested;
    this.deliveries.write(context, {
      userId,
      channel: 'telegram',
      lane: 'code',
      expiresAt: new Date(expires_at),
      content: { template: 'step_up_requested', device },
    });
    this.sender.expectWork();
  }
}
