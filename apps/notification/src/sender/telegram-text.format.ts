import { Injectable } from '@nestjs/common';
import { Texts } from '#i18n';
import { InjectSettings } from '#service';
import type { DeliveryContent } from '../deliveries/delivery-content.schema.js';
import type { NotificationSettings } from '../notification.env.js';
import type { Contact } from './claimed-delivery.types.js';
import { refusalKeyOf } from './refusal-text.rules.js';
import { momentText, presentableName } from './wording.rules.js';

/** Makes the message of a delivery in Telegram's HTML, in the member's language. What people typed is escaped. */
@Injectable()
export class TelegramTextFormat {
  constructor(
    private readonly texts: Texts,
    @InjectSettings() private readonly settings: NotificationSettings,
  ) {}

  textOf(content: DeliveryContent, contact: Contact): string {
    const { locale } = contact;
    switch (content.template) {
      case 'welcome':
        return this.welcome(content, contact);
      case 'email_bound':
        return this.texts.html(locale, 'notifications.email_bound', { email: content.email });
      case 'email_unbound':
        return this.texts.html(locale, 'notifications.email_unbound', { email: content.email });
      case 'email_refused': {
        const title = this.texts.html(locale, 'notifications.email_refused.title', { email: content.email });
        return `${title}\n\n${this.texts.html(locale, refusalKeyOf(content.reason))}`;
      }
      case 'check_in_receipt':
        return [
          this.texts.html(locale, 'notifications.check_in_receipt.earned', { count: content.points }),
          this.texts.html(locale, 'notifications.check_in_receipt.streak', { count: content.streak_days }),
          this.texts.html(locale, 'notifications.check_in_receipt.balance', { count: content.balance }),
        ].join('\n');
      case 'streak_bonus':
        return [
          this.texts.html(locale, 'notifications.streak_bonus.streak', { count: content.streak_days }),
          this.texts.html(locale, 'notifications.streak_bonus.earned', { count: content.points }),
        ].join('\n');
      case 'email_bound_mail':
        throw new Error('this template is a mail');
    }
  }

  private welcome(content: DeliveryContent & { template: 'welcome' }, contact: Contact): string {
    const { locale } = contact;
    const name = presentableName(contact.firstName);
    if (content.kind === 'permanent' || content.expires_at === null) {
      return this.texts.html(locale, 'notifications.welcome.permanent', { name });
    }
    const until = momentText(new Date(content.expires_at), locale, this.settings.COMMUNITY_TIMEZONE);
    const key = content.kind === 'trial' ? 'notifications.welcome.trial' : 'notifications.welcome.formal';
    return this.texts.html(locale, key, { name, until });
  }
}
