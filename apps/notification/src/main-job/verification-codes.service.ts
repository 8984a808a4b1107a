import { Controller } from '@nestjs/common';
import { EmailCodeIssued, PhoneBound, PhoneUnbound, PhoneVerificationStarted, type PayloadOf } from '#contracts';
import { HandleEvent, type EventContext } from '#messaging';
import { DeliveryWriter } from '../deliveries/delivery.writer.js';

/** Sends the codes that members type back (U-09, U-10), and tells them what became of their number. */
@Controller()
export class VerificationCodesService {
  constructor(private readonly deliveries: DeliveryWriter) {}

  @HandleEvent(EmailCodeIssued)
  async emailCodeIssued(issued: PayloadOf<typeof EmailCodeIssued>, context: EventContext): Promise<void> {
    const { user_id: userId, verification_id, sealed_code, expires_at } = issued;
    this.deliveries.write(context, {
      userId,
      channel: 'email',
      lane: 'code',
      expiresAt: new Date(expires_at),
      content: { template: 'email_code_mail', verification_id, sealed_code },
    });
  }

  /** A contact that was asked for in the bot sends nothing. */
  @HandleEvent(PhoneVerificationStarted)
  async phoneVerificationStarted(
    started: PayloadOf<typeof PhoneVerificationStarted>,
    context: EventContext,
  ): Promise<void> {
    const { user_id: userId, verification_id, sealed_code, expires_at } = started;
    if (sealed_code === null) return;
    this.deliveries.write(context, {
      userId,
      channel: 'sms',
      lane: 'code',
      expiresAt: new Date(expires_at),
      content: { template: 'phone_code', verification_id, sealed_code },
    });
  }

  @HandleEvent(PhoneBound)
  async phoneBound({ user_id, phone }: PayloadOf<typeof PhoneBound>, context: EventContext): Promise<void> {
    this.tell(context, user_id, { template: 'phone_bound', phone });
  }

  @HandleEvent(PhoneUnbound)
  async phoneUnbound(unbound: PayloadOf<typeof PhoneUnbound>, context: EventContext): Promise<void> {
    if (unbound.reason === 'member')
      this.tell(context, unbound.user_id, { template: 'phone_unbound', phone: unbound.phone });
  }

  /** Who did it in the bot has read it in its answer; everybody else learns of it there, above all if it was not them. */
  private tell(
    context: EventContext,
    userId: number,
    content: { template: 'phone_bound' | 'phone_unbound'; phone: string },
  ): void {
    if (context.call.channel === 'bot') return;
    this.deliveries.tell(context, userId, content);
  }
}
