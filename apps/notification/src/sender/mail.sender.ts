import { join } from 'node:path';
import { Injectable } from '@nestjs/common';
import { FieldCipher, openCode } from '#encryption';
import type { Clock } from '#messaging';
import { InjectClock, InjectSettings } from '#service';
import { steadyIdOf, waitForContact, type SendOutcome } from '../deliveries/delivery.rules.js';
import { parseContent } from '../deliveries/delivery-content.schema.js';
import type { NotificationSettings } from '../notification.env.js';
import type { ClaimedDelivery } from './claimed-delivery.types.js';
import { classifyMailFailure } from './mail-error.rules.js';
import { MailOutboxClient } from './mail-outbox.client.js';
import { MailTextFormat } from './mail-text.format.js';
import type { MailTransport } from './mail-transport.types.js';
import { SmtpClient } from './smtp.client.js';

/** Sends a delivery as a mail: over SMTP where there is a server, else into the embedded outbox. */
@Injectable()
export class MailSender {
  private readonly transport: MailTransport;
  private readonly from: string;
  private readonly cipher: FieldCipher;

  constructor(
    private readonly texts: MailTextFormat,
    @InjectClock() private readonly clock: Clock,
    @InjectSettings() settings: NotificationSettings,
  ) {
    this.from = senderAddress(settings);
    this.cipher = new FieldCipher(settings.ENCRYPTION_KEYS);
    this.transport = settings.SMTP_URL
      ? new SmtpClient(settings.SMTP_URL)
      : new MailOutboxClient(join(settings.DATA_DIR, 'mail-outbox'));
  }

  async send(delivery: ClaimedDelivery): Promise<SendOutcome> {
    const { contact } = delivery;
    if (!contact) return waitForContact(delivery.createdAt, this.clock.now());
    const content = parseContent(delivery.template, delivery.params);
    const opened =
      content.template === 'email_code_mail'
        ? openCode(this.cipher, content.verification_id, content.sealed_code)
        : { to: delivery.recipient ?? contact.email, code: null };
    const { to, code } = opened;
    if (to === null) return { kind: 'refused', reason: 'no_address' };
    const mail = this.texts.mailOf(content, contact, code);
    const messageId = messageIdOf(delivery.dedupeKey, this.from);
    const failure = await this.transport.send({
      ...mail,
      messageId,
      from: this.from,
      to,
      writtenAt: delivery.createdAt,
    });
    return failure ? classifyMailFailure(failure, this.clock.now()) : { kind: 'sent' };
  }

  /** Removes what went to these addresses, or by these deliveries, from the embedded outbox; a mail server keeps nothing of ours. */
  async forget(addresses: readonly string[], dedupeKeys: readonly string[]): Promise<void> {
    const messageIds = dedupeKeys.map((key) => messageIdOf(key, this.from));
    await this.transport.forget?.(addresses, messageIds);
  }

  async close(): Promise<void> {
    await this.transport.close();
  }
}

/** The same delivery has the same Message-ID however often it is sent, so that mail programs show a copy once. */
function messageIdOf(dedupeKey: string, from: string): string {
  return `<${steadyIdOf(dedupeKey)}@${from.slice(from.indexOf('@') + 1)}>`;
}

function senderAddress(settings: NotificationSettings): string {
  const account = settings.SMTP_URL ? decodeURIComponent(new URL(settings.SMTP_URL).username) : '';
  return settings.MAIL_FROM ?? (account.includes('@') ? account : (settings.VERIFY_MAILBOX ?? 'no-reply@localhost'));
}
