import { join } from 'node:path';
import { Injectable } from '@nestjs/common';
import { FieldCipher, openCode } from '#encryption';
import { Texts } from '#i18n';
import type { Clock } from '#messaging';
import { InjectClock, InjectSettings } from '#service';
import { steadyIdOf, waitForContact, type SendOutcome } from '../deliveries/delivery.rules.js';
import { parseContent } from '../deliveries/delivery-content.schema.js';
import type { NotificationSettings } from '../notification.env.js';
import type { ClaimedDelivery } from './claimed-delivery.types.js';
import { HttpSmsClient } from './http-sms.client.js';
import { classifySmsFailure } from './sms-call.rules.js';
import { SmsOutboxClient } from './sms-outbox.client.js';
import type { SmsTransport } from './sms-transport.types.js';

/** Sends a delivery as a text message: by the provider where there is one, else into the embedded outbox (U-10, N-09). */
@Injectable()
export class SmsSender {
  private readonly transport: SmsTransport;
  private readonly cipher: FieldCipher;

  constructor(
    private readonly texts: Texts,
    @InjectClock() private readonly clock: Clock,
    @InjectSettings() settings: NotificationSettings,
  ) {
    this.cipher = new FieldCipher(settings.ENCRYPTION_KEYS);
    this.transport = settings.SMS_HTTP_URL
      ? new HttpSmsClient(settings.SMS_HTTP_URL, settings)
      : new SmsOutboxClient(join(settings.DATA_DIR, 'sms-outbox'));
  }

  async send(delivery: ClaimedDelivery): Promise<SendOutcome> {
    const { contact } = delivery;
    const now = this.clock.now();
    if (!contact) return waitForContact(delivery.createdAt, now);
    const content = parseContent(delivery.template, delivery.params);
    if (content.template !== 'phone_code') throw new Error('this template is no text message');
    const { to, code } = openCode(this.cipher, content.verification_id, content.sealed_code);
    const text = this.texts.text(contact.locale, 'notifications.phone_code', { code });
    const id = steadyIdOf(delivery.dedupeKey);
    const failure = await this.transport.send({ id, to, text, code, writtenAt: delivery.createdAt });
    return failure ? classifySmsFailure(failure, now) : { kind: 'sent' };
  }

  /** Removes what these deliveries sent from the embedded outbox (U-15). */
  async forget(dedupeKeys: readonly string[]): Promise<void> {
    await this.transport.forget?.(dedupeKeys.map(steadyIdOf));
  }
}
